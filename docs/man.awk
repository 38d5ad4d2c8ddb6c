# A page of docs/ as Markdown that lowdown makes a manual of:
#   awk -v name=junctionctl-patch -v section=1 -v help=HELP -v others="junctionctl-explain(1) ..." -f man.awk patch.md
# NAME and SYNOPSIS come first, tables become lists (a terminal is narrower than they are), links name manuals, and what
# --help says (the file HELP, if any) is the list of options.

function manual(page) { return page ~ verbs ? "**junctionctl-" page "**(1)" : "**junctionctl-" page "**(7)" }

function links(line,    before, link, text, target) {
  while (match(line, /\[[^]]*\]\([^)]*\)/)) {
    before = substr(line, 1, RSTART - 1); link = substr(line, RSTART, RLENGTH); line = substr(line, RSTART + RLENGTH)
    text = link; sub(/\]\(.*/, "", text); sub(/^\[/, "", text)
    target = link; sub(/^[^]]*\]\(/, "", target); sub(/\)$/, "", target)
    if (target !~ /\.md$/) line = before (text == target ? "" : text " ") "<" target ">" line
    else { sub(/\.md$/, "", target); sub(/^docs\//, "", target)
           line = before (text == target ? "" : text ", ") manual(target) line }
  }
  return line
}

function help_lines(title,    line, on) {  # those below a heading, up to the next
  while ((getline line < help) > 0) {
    if (line ~ /^[^ ].*:$/) on = (title == "*" ? line !~ /^(Usage|Examples|Commands):$/ : line == title ":")
    if (on && (title == "*" || line !~ /:$/)) print line == "" ? "" : "    " line
  }
  close(help)
  print ""
}

function head(summary) {
  sub(/[.:].*/, "", summary)
  if (name != "junctionctl") summary = tolower(substr(summary, 1, 1)) substr(summary, 2)
  print "# NAME\n\n" name " - " summary "\n"
  if (help != "") { print "# SYNOPSIS\n"; help_lines("Usage") }
  print "# DESCRIPTION\n"
}

function row(line,    cells, n, i, text) {
  gsub(/\\\|/, "\001", line)
  sub(/^\| */, "", line); sub(/ *\|$/, "", line)
  n = split(line, cells, / *\| */)
  if (rows++ == 0) { for (i = 1; i <= n; ++i) titles[i] = cells[i]; return }
  if (line ~ /^-+ *(\| *-+ *)*$/ || line ~ /^[-|]+$/) return
  for (i = 2; i <= n; ++i)
    if (cells[i] != "") text = text (text == "" ? "" : "; ") (n > 2 && titles[i] != "" ? titles[i] ": " : "") cells[i]
  gsub(/\001/, "|", text); gsub(/\001/, "|", cells[1])
  print links(cells[1]) "\n: " (text == "" ? "yes" : links(text)) "\n"
}

BEGIN { verbs = "^(patch|explain|generate|merge|sandbox|scale|logs|completion)$" }
/^```/ { code = !code; if (code) print ""; next }
code { print "    " $0; next }
/^# / { next }
/^\|/ { row($0); next }
{ rows = 0 }
/^## / { print "# " toupper(substr($0, 4)); next }
!told && /[^ ]/ { told = 1; head($0) }
told { print links($0) }
END {
  if (help != "") { print "\n# OPTIONS\n"; help_lines("*") }
  if (help != "" && name != "junctionctl")
    print "# EXIT STATUS\n\n0 done, 1 it failed, 2 the command line is wrong, 3 a check that was asked for does not hold;" \
          " **junctionctl-exit-codes**(7) has all.\n"
  print "\n# SEE ALSO\n\n" others
}
