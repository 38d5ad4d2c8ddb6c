# One interface target carries the warnings and instrumentation of every target of ours.
add_library(junction_options INTERFACE)
target_compile_options(junction_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
  -Wimplicit-fallthrough -Wold-style-cast
  -Wno-missing-field-initializers)  # designated initialisers leave the rest at its default on purpose
if(JUNCTION_SANITIZE)
  target_compile_options(junction_options INTERFACE -fsanitize=${JUNCTION_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)  # a finding is a failure, not a line in the output
  target_link_options(junction_options INTERFACE -fsanitize=${JUNCTION_SANITIZE})
endif()
if(JUNCTION_COVERAGE)
  target_compile_options(junction_options INTERFACE --coverage)
  target_link_options(junction_options INTERFACE --coverage)
endif()

# What makes a mistake in memory harder to use, in what is installed; tests/interop/hardening reads it from the binaries.
# Fortified libc calls need optimisation, and would hide from a sanitizer what it looks for.
include(CheckPIESupported)
check_pie_supported()
if(NOT JUNCTION_SANITIZE)
  target_compile_options(junction_options INTERFACE "$<$<CONFIG:Release,RelWithDebInfo,MinSizeRel>:\
-fstack-protector-strong;-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=2>")
endif()
target_link_options(junction_options INTERFACE -Wl,-z,relro -Wl,-z,now)

# Most of a file's compile time here is spent on the headers of nlohmann/json and CLI11. Compiled several sources at a
# time, the whole takes a third; in everyday work, where one file changes, each for itself is quicker (preset dev).
option(JUNCTION_UNITY "Compile the sources of a room together" ON)
# Files that are compiled together do not know each other: -Wshadow would warn of that. tests/interop/sources and preset
# dev compile each for itself.
target_compile_options(junction_options INTERFACE
  $<IF:$<BOOL:$<TARGET_PROPERTY:UNITY_BUILD>>,-Wno-subobject-linkage,-Wshadow>)

# A room is a folder: every source in it belongs to the target that the room is part of, and in a unity build they are
# compiled together, with nothing of another room's beside them.
function(junction_room target name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  list(APPEND sources ${ARGN})
  target_sources(${target} PRIVATE ${sources})
  set_source_files_properties(${sources} TARGET_DIRECTORY ${target} PROPERTIES UNITY_GROUP ${name})
endfunction()
