# cmake -D NPM= -D FROM= -D TO= -P install.cmake: the packages of FROM/package-lock.json into TO/node_modules.
foreach(name package.json package-lock.json)
  configure_file(${FROM}/${name} ${TO}/${name} COPYONLY)
endforeach()
# npm asks again where a server does not answer; a download that breaks off ends it all the same.
foreach(pause 10 30 120 0)
  execute_process(COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error
                  WORKING_DIRECTORY ${TO} RESULT_VARIABLE result OUTPUT_QUIET ERROR_VARIABLE errors)
  if(result EQUAL 0 OR pause EQUAL 0)
    break()
  endif()
  message("Console: npm ci failed; trying again in ${pause} s")
  execute_process(COMMAND ${CMAKE_COMMAND} -E sleep ${pause})
endforeach()
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${errors}\n"
          "The web console's packages could not be fetched. What to do:\n"
          " - no network or another registry: npm config set registry URL, or HTTPS_PROXY=URL, then build again;\n"
          " - packages fetched once stay in npm's cache (~/.npm): a machine without network can be given that folder;\n"
          " - semakd without its console: cmake -DSEMAK_CONSOLE=OFF, all else is built as usual.")
endif()
