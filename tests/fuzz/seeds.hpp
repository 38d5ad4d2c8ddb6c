#pragma once

namespace junction_fuzz {

/// What the mutations start from: one of each kind of line.
inline constexpr const char* seeds[] = {
    "",
    "red",
    " pinot noir ",
    "http://recs/?query=pinot+noir&query=%C3%A9#f",
    "/wines/recommendations?q=%zz&&=;x==",
    R"({"url":"/?query=red","headers":[["cookie","sid=\"a\"; b=2"],["x-user","ann"]]})",
    R"({"hash":"0123456789abcdef"})",
    R"(192.0.2.1 - ann [23/Nov/2026:17:00:00 +0000] "GET /?query=\x22 HTTP/1.1" 200 17 "-" "curl/8")",
    R"(INFO:     [2001:db8::1]:53210 - "GET /recommendations/?query=red HTTP/1.1" 200 OK)",
    "INFO:     Application startup complete.\r\n",
};

}  // namespace junction_fuzz
