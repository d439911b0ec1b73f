# Target overdrive_zydis: the disassembler behind `overdrive dump asm`.
find_path(ZYDIS_INCLUDE_DIR Zydis/Zydis.h)
find_library(ZYDIS_LIBRARY NAMES Zydis)
if(NOT ZYDIS_INCLUDE_DIR OR NOT ZYDIS_LIBRARY)
  message(FATAL_ERROR "Zydis is missing: apt-get install libzydis-dev.")
endif()
add_library(overdrive_zydis INTERFACE)
target_include_directories(overdrive_zydis SYSTEM INTERFACE ${ZYDIS_INCLUDE_DIR})
target_link_libraries(overdrive_zydis INTERFACE ${ZYDIS_LIBRARY})
