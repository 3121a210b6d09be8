-- wrk: POSTs the bodies of a file (one JSON object a line) in turn. Arguments after --: path, key, file of bodies.
function init(args)
  bodies = {}
  for line in io.lines(args[3]) do bodies[#bodies + 1] = line end
  headers = { ["Authorization"] = "Bearer " .. args[2], ["Content-Type"] = "application/json" }
  path = args[1]
  at = math.random(#bodies)
end

function request()
  at = at % #bodies + 1
  return wrk.format("POST", path, headers, bodies[at])
end
