-- Rate limits: counts draws on budgets as `Budget` in src/domain/budget.rs does.
--
-- KEYS: one for each charge. ARGV: 1 the action: draw, give_back or penalize; 2 the time now; 3 the longest
-- wait; 4 the time after which waits are forgiven; then for each key the time in which one draw is earned
-- back, and the time for all draws. All times are in microseconds. A key holds
-- `earned_back_at:waits_until:waits`.
--
-- draw draws on every key or on none. It returns {0, 0, 0}, or {the number of the key that refuses, the time
-- to wait, 1 if that is a wait after failures}.
local action, now = ARGV[1], tonumber(ARGV[2])
local longest_wait, forgiven_after = tonumber(ARGV[3]), tonumber(ARGV[4])

local function read(key)
  local held = redis.pcall('GET', key)
  if type(held) == 'string' then
    local back, wait, waits = string.match(held, '^(%d+):(%d+):(%d+)$')
    if back then
      return { back = tonumber(back), wait = tonumber(wait), waits = tonumber(waits) }
    end
  end
  return { back = 0, wait = 0, waits = 0 }
end

local function write(key, drawn)
  local until_ = math.max(drawn.back, drawn.wait)
  if drawn.waits > 0 then
    until_ = math.max(until_, drawn.wait + forgiven_after)
  end
  local life = math.ceil((until_ - now) / 1000)
  if life > 0 then
    local held = string.format('%.0f:%.0f:%.0f', math.max(drawn.back, 0), drawn.wait, drawn.waits)
    redis.call('SET', key, held, 'PX', string.format('%.0f', life))
  else
    redis.call('DEL', key)
  end
end

-- A wait that is longer than possible was stored by a replica whose clock is wrong, and is ignored.
local function remaining_wait(drawn)
  local wait = drawn.wait - now
  if wait > longest_wait then
    return 0
  end
  return wait
end

-- Returns when a draw at this time would be earned back, and how long the caller has to wait.
local function after(drawn, interval, tolerance)
  local begin = math.min(math.max(drawn.back, now), now + tolerance)
  local back = begin + interval
  return back, math.max(back - now - tolerance, remaining_wait(drawn))
end

local all = {}
for i, key in ipairs(KEYS) do
  local interval, tolerance = tonumber(ARGV[3 + 2 * i]), tonumber(ARGV[4 + 2 * i])
  local drawn = read(key)
  local back, wait = after(drawn, interval, tolerance)
  if action == 'draw' then
    if wait > 0 then
      -- Later than possible: a replica whose clock is wrong has stored this time. From now on it is earned
      -- back as usual.
      if drawn.back > now + tolerance + longest_wait then
        drawn.back = now + tolerance
        write(key, drawn)
      end
      return { i, wait, remaining_wait(drawn) > 0 and 1 or 0 }
    end
    drawn.back = back
  elseif action == 'give_back' then
    drawn.back = drawn.back - interval
  elseif wait > 0 and remaining_wait(drawn) <= 0 then
    if now - drawn.wait > forgiven_after then
      drawn.waits = 0
    end
    drawn.wait = now + math.min(interval * 2 ^ math.min(drawn.waits, 30), longest_wait)
    drawn.waits = drawn.waits + 1
    drawn.back = math.max(math.min(math.max(drawn.back, now), now + tolerance), drawn.wait + tolerance - interval)
  end
  all[i] = drawn
end
for i, key in ipairs(KEYS) do
  write(key, all[i])
end
return { 0, 0, 0 }
