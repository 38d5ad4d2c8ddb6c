# One interface target carries the warnings and instrumentation of every target of ours.
add_library(junction_options INTERFACE)
target_compile_options(junction_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
  -Wimplicit-fallthrough -Wold-style-cast
  -Wno-missing-field-initializers)  # designated initialisers leave the rest at its default on purpose
if(JUNCTION_SANITIZE)
  target_compile_options(junction_options INTERFACE -fsanitize=${JUNCTION_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(junction_options INTERFACE -fsanitize=${JUNCTION_SANITIZE})
endif()
if(JUNCTION_COVERAGE)
  target_compile_options(junction_options INTERFACE --coverage)
  target_link_options(junction_options INTERFACE --coverage)
endif()
