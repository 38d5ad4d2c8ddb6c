# What the library needs to be found, and the first and last steps of installing. Included before the folders, whose own
# install rules run in between.
include(CMakePackageConfigHelpers)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/junction)
set(pc_folder ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# Every folder that installing may make.
file(GLOB_RECURSE header_folders LIST_DIRECTORIES true RELATIVE ${PROJECT_SOURCE_DIR}/lib/include
  ${PROJECT_SOURCE_DIR}/lib/include/*)
list(FILTER header_folders EXCLUDE REGEX "\\.hpp$")
list(TRANSFORM header_folders PREPEND ${CMAKE_INSTALL_INCLUDEDIR}/)
set(completion_shells bash zsh fish)
set(completion_files junctionctl _junctionctl junctionctl.fish)  # as each shell looks for them
set(bash_completions ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
set(zsh_completions ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
set(fish_completions ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
set(install_folders ${CMAKE_INSTALL_BINDIR} ${package_folder} ${pc_folder} ${CMAKE_INSTALL_MANDIR}/man1
  ${CMAKE_INSTALL_MANDIR}/man7 ${bash_completions} ${zsh_completions} ${fish_completions}
  ${CMAKE_INSTALL_DOCDIR} ${header_folders})
install(CODE "set(build_folder \"${PROJECT_BINARY_DIR}\")
  set(folders \"${install_folders}\")
  include(\"${PROJECT_SOURCE_DIR}/cmake/begin_install.cmake\")")

write_basic_package_version_file(junction-config-version.cmake COMPATIBILITY SameMinorVersion)
configure_file(cmake/junction-config.cmake.in junction-config.cmake @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/junction-config.cmake ${PROJECT_BINARY_DIR}/junction-config-version.cmake
  DESTINATION ${package_folder})
file(RELATIVE_PATH prefix_from_pc /prefix/${pc_folder} /prefix)
configure_file(cmake/junction.pc.in junction.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/junction.pc DESTINATION ${pc_folder})
install(FILES LICENSE CHANGELOG.md TYPE DOC)

if(PROJECT_IS_TOP_LEVEL)
  add_custom_target(uninstall VERBATIM COMMENT "Uninstalling"
    COMMAND ${CMAKE_COMMAND} -D build_folder=${PROJECT_BINARY_DIR} -P ${PROJECT_SOURCE_DIR}/cmake/uninstall.cmake)
endif()
