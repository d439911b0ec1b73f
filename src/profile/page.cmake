# Builds the page (web/) into OUTPUT. A machine without Node.js or without its registry gets a build without the page, and is told so.
# cmake -DNODE=... -DNPM=... -DWEB=<web folder> -DWORK=<build folder> -DOUTPUT=<page.html> -P page.cmake
function(without reason)
  message(STATUS "the profiler's page is left out: ${reason}. `overdrive view` will say so; `overdrive export` works.")
  return()
endfunction()

if(NOT NODE OR NOT NPM)
  without("Node.js and npm were not found")
  return()
endif()
# A folder of its own, so that the source tree stays as it is.
file(COPY ${WEB}/src ${WEB}/build.mjs ${WEB}/package.json ${WEB}/package-lock.json ${WEB}/tsconfig.json DESTINATION ${WORK})
execute_process(COMMAND ${NPM} ci --no-audit --no-fund --ignore-scripts WORKING_DIRECTORY ${WORK}
  RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(code)
  without("npm could not install its packages (${code})")
  return()
endif()
execute_process(COMMAND ${NODE} build.mjs ${OUTPUT} WORKING_DIRECTORY ${WORK} RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(code)
  message(FATAL_ERROR "the profiler's page does not build:\n${output}")
endif()
message(STATUS "the profiler's page: ${OUTPUT}")
