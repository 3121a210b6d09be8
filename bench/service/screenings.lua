-- wrk: POSTs the bodies of a file (one JSON object a line) in turn. Arguments after --: path, key, file of bodies.
-- Requests are written out before the clock starts: the client shares the processors with the server.
local requests = {}
local at = 0

function init(args)
  local headers = { ["Authorization"] = "Bearer " .. args[2], ["Content-Type"] = "application/json" }
  for line in io.lines(args[3]) do
    requests[#requests + 1] = wrk.format("POST", args[1], headers, line)
  end
  math.randomseed(os.time())
  at = math.random(#requests)
end

function request()
  at = at % #requests + 1
  return requests[at]
end
