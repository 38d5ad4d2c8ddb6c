# Runs before anything is installed: notes which of the folders the installation makes, so that uninstalling removes them
# again and no others. What an earlier installation noted still holds.
foreach(folder IN LISTS folders)
  cmake_path(ABSOLUTE_PATH folder BASE_DIRECTORY "${CMAKE_INSTALL_PREFIX}" NORMALIZE)
  while(NOT EXISTS "$ENV{DESTDIR}${folder}")
    list(APPEND made "$ENV{DESTDIR}${folder}")
    cmake_path(GET folder PARENT_PATH folder)
  endwhile()
endforeach()
list(REMOVE_DUPLICATES made)
list(JOIN made "\n" made)
if(made)
  file(APPEND ${build_folder}/install_folders.txt "${made}\n")
endif()
