# One library per stage, the same warnings everywhere, data files compiled in.

option(SEMAK_TESTS "build the tests" ON)
set(SEMAK_SANITIZE "" CACHE STRING "address (with undefined), thread, or empty")

# ccache where it is installed; nothing needs it.
find_program(SEMAK_CCACHE ccache)
if(SEMAK_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${SEMAK_CCACHE})
endif()

add_library(semak_options INTERFACE)
target_compile_options(semak_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
                       -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough -Werror
                       # at -O3 g++ 12 reports "literal" + std::string as overlapping memory (GCC bug 105329)
                       $<$<CONFIG:Release>:-Wno-restrict>)
target_include_directories(semak_options INTERFACE ${CMAKE_SOURCE_DIR})
if(SEMAK_SANITIZE STREQUAL "address")
  # vptr: false report from oneTBB's flow graph under g++ 12
  # null, object-size: the address sanitizer finds what they find; with alignment (x86-64 has none to keep) they double
  # the time to compile
  target_compile_options(semak_options INTERFACE -fsanitize=address,undefined
                         -fno-sanitize=vptr,null,object-size,alignment -fno-sanitize-recover=undefined -fno-omit-frame-pointer
                         -Wno-maybe-uninitialized)  # false reports of g++ 12 in instrumented standard headers
  target_link_options(semak_options INTERFACE -fsanitize=address,undefined)
elseif(SEMAK_SANITIZE STREQUAL "thread")
  # tsan: false report from std::atomic_thread_fence, which g++ 12 warns of and oneTBB's headers use
  target_compile_options(semak_options INTERFACE -fsanitize=thread -fno-omit-frame-pointer -Wno-tsan)
  target_link_options(semak_options INTERFACE -fsanitize=thread)
endif()

# semak_embed(<stage> files...): the bytes of each file as  extern const char semak_<stage>_<file stem>_begin[], ..._end[],
# and of all of them together as  semak_<stage>_tables_begin[], ..._end[].
function(semak_embed stage)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/embed_${stage}.S)
  set(text "  .section .rodata\n")
  macro(label name)
    string(APPEND text "  .global semak_${stage}_${name}\nsemak_${stage}_${name}:\n")
  endmacro()
  label(tables_begin)
  foreach(file IN LISTS ARGN)
    get_filename_component(stem ${file} NAME_WE)
    label(${stem}_begin)
    string(APPEND text "  .incbin \"${file}\"\n")
    label(${stem}_end)
    string(APPEND text "  .byte 0\n")
  endforeach()
  label(tables_end)
  string(APPEND text "  .section .note.GNU-stack,\"\",@progbits\n")
  file(CONFIGURE OUTPUT ${source} CONTENT "${text}" @ONLY)
  set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS "${ARGN}")
  target_sources(semak_${stage} PRIVATE ${source})
endfunction()

# semak_library(<stage> FOLDER dir DEPENDS stages... PRIVATE third-party...): all *.cc of the folder itself, and
# every .csv and .toml in it and its tables/ folder embedded as semak_<stage>_<file stem>_{begin,end}.
function(semak_library stage)
  cmake_parse_arguments(ARG "" "FOLDER" "DEPENDS;PRIVATE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${ARG_FOLDER}/*.cc)
  file(GLOB tables CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${ARG_FOLDER}/*.csv ${CMAKE_SOURCE_DIR}/${ARG_FOLDER}/*.toml
       ${CMAKE_SOURCE_DIR}/${ARG_FOLDER}/tables/*.csv ${CMAKE_SOURCE_DIR}/${ARG_FOLDER}/tables/*.toml)
  list(TRANSFORM ARG_DEPENDS PREPEND semak_)
  if(NOT sources)
    add_library(semak_${stage} INTERFACE)
    target_link_libraries(semak_${stage} INTERFACE semak_options Threads::Threads ${ARG_DEPENDS})
    return()
  endif()
  add_library(semak_${stage} STATIC ${sources})
  if(tables)
    semak_embed(${stage} ${tables})
  endif()
  target_link_libraries(semak_${stage} PUBLIC semak_options Threads::Threads ${ARG_DEPENDS} PRIVATE ${ARG_PRIVATE})
  set_target_properties(semak_${stage} PROPERTIES LINKER_LANGUAGE CXX)
endfunction()

# What every test program finds in its environment.
set(SEMAK_TEST_ENVIRONMENT "SEMAK_BIN=${CMAKE_BINARY_DIR}/bin" "SEMAK_SOURCE=${CMAKE_SOURCE_DIR}")
if(SEMAK_SANITIZE STREQUAL "address")
  list(APPEND SEMAK_TEST_ENVIRONMENT "UBSAN_OPTIONS=print_stacktrace=1")
elseif(SEMAK_SANITIZE STREQUAL "thread")
  # oneTBB's own synchronisation is seen only in a oneTBB built with the sanitizer (tools/check/tsan_tbb.sh).
  list(APPEND SEMAK_TEST_ENVIRONMENT "LD_LIBRARY_PATH=${CMAKE_SOURCE_DIR}/build/tsan-tbb/lib"
       "TSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tools/check/tsan.supp ignore_noninstrumented_modules=1")
endif()

# semak_tests(<folder> LIBRARIES ...): one test program for tests/<folder>, of all its *_test.cc. Rooms that know no
# threads of their own are left out under ThreadSanitizer: what they do under threads, others' tests show.
set(SEMAK_THREADLESS loaders engine/match engine/keys engine/policies engine/receipts tools)
function(semak_tests folder)
  cmake_parse_arguments(ARG "" "" "LIBRARIES" ${ARGN})
  if(SEMAK_SANITIZE STREQUAL "thread" AND folder IN_LIST SEMAK_THREADLESS)
    return()
  endif()
  string(REPLACE "/" "_" name ${folder})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${folder}/*_test.cc)
  if(NOT sources)
    return()
  endif()
  add_executable(${name}_tests ${sources})
  target_link_libraries(${name}_tests PRIVATE semak_options ${ARG_LIBRARIES} semak_test_main)
  if(SEMAK_SANITIZE)
    # What is instrumented costs g++ seconds to optimise: 9 s without this for a file of tests, 4.6 s with it.
    target_compile_options(${name}_tests PRIVATE -O0)
  endif()
  # A program that runs no case at all has not passed.
  add_test(NAME ${folder} COMMAND ${name}_tests --warn NoTests)
  set_tests_properties(${folder} PROPERTIES TIMEOUT 2400 ENVIRONMENT "${SEMAK_TEST_ENVIRONMENT}")
endfunction()

# semak_check(<name> command...): a house check (tools/check) as a test; exit status 77 says why it was skipped.
function(semak_check name)
  add_test(NAME house/${name} COMMAND ${ARGN} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(house/${name} PROPERTIES TIMEOUT 2400 SKIP_RETURN_CODE 77)
endfunction()
