# Target overdrive_asmjit: Debian's static libasmjit, made fit for a shared object.
#
# The distribution builds it as position-independent *executable* code (-fPIE). That is
# position independent except for one thing: it reads libc's `stderr` as if it lay in the
# executable, which a shared object may not do. Its only use is the message of a failed
# assertion. So a copy of the archive gets that one symbol renamed to a variable of ours
# (asmjit_stderr.cpp), and the version script keeps asmjit's own symbols local, which makes
# its remaining references direct and legal. The alternative, building asmjit from its
# source package, costs a minute per fresh clone for the same code.
find_path(ASMJIT_INCLUDE_DIR asmjit/x86.h)
find_library(ASMJIT_ARCHIVE NAMES libasmjit.a)
if(NOT ASMJIT_INCLUDE_DIR OR NOT ASMJIT_ARCHIVE)
  message(FATAL_ERROR "asmjit is missing: apt-get install libasmjit-dev "
                      "(or set -DASMJIT_INCLUDE_DIR=... -DASMJIT_ARCHIVE=.../libasmjit.a).")
endif()

set(asmjit_pic ${CMAKE_BINARY_DIR}/libasmjit_pic.a)
add_custom_command(
  OUTPUT ${asmjit_pic}
  COMMAND ${CMAKE_OBJCOPY} --redefine-sym stderr=overdrive_asmjit_stderr ${ASMJIT_ARCHIVE} ${asmjit_pic}
  DEPENDS ${ASMJIT_ARCHIVE}
  COMMENT "Making asmjit's archive fit for a shared object"
  VERBATIM)
add_custom_target(overdrive_asmjit_archive DEPENDS ${asmjit_pic})

add_library(overdrive_asmjit STATIC ${CMAKE_SOURCE_DIR}/cmake/asmjit_stderr.cpp)
add_dependencies(overdrive_asmjit overdrive_asmjit_archive)
target_include_directories(overdrive_asmjit SYSTEM PUBLIC ${ASMJIT_INCLUDE_DIR})
target_compile_definitions(overdrive_asmjit PUBLIC ASMJIT_STATIC)
# The archive refers to our variable and we refer to nothing of it: this order links.
target_link_libraries(overdrive_asmjit INTERFACE ${asmjit_pic} $<TARGET_FILE:overdrive_asmjit> rt)
