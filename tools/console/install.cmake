# cmake -D NPM= -D FROM= -D TO= -P install.cmake: the packages of FROM/package-lock.json into TO/node_modules.
foreach(name package.json package-lock.json)
  configure_file(${FROM}/${name} ${TO}/${name} COPYONLY)
endforeach()
execute_process(COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error
                WORKING_DIRECTORY ${TO} RESULT_VARIABLE result OUTPUT_QUIET ERROR_VARIABLE errors)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${errors}\n"
          "The web console's packages could not be fetched. What to do:\n"
          " - no network or another registry: npm config set registry URL, or HTTPS_PROXY=URL, then build again;\n"
          " - packages fetched once stay in npm's cache (~/.npm): a machine without network can be given that folder;\n"
          " - semakd without its console: cmake -DSEMAK_CONSOLE=OFF, all else is built as usual.")
endif()
