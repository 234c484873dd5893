-- Stores a value or a tombstone under KEYS[1], unless something newer is there, and publishes a message to
-- the replicas.
--
-- ARGV: 1 version, 20 characters; 2 body, empty for a tombstone; 3 life in milliseconds; 4 the content that
-- may be replaced: for a value its claim, without which nothing is stored; for a tombstone garbage that was
-- found, or empty; 5 channel, or empty; 6 message. Returns the content of the key afterwards.
local held = redis.pcall('GET', KEYS[1])
if type(held) ~= 'string' then
  held = ''
end
local puts, stamp
if ARGV[2] == '' then
  local version = #held >= 36 and string.match(string.sub(held, 1, 20), '^%d+$')
  -- A value of the version that the tombstone asks for is as new as can be.
  puts = held == ARGV[4] or not version or version < ARGV[1]
  local now = redis.call('TIME')
  stamp = string.format('%016.0f', now[1] * 1000000 + now[2])
else
  -- The claim was there before the value began to be read, and so is its stamp, however late this comes.
  puts = held == ARGV[4]
  stamp = string.sub(held, 21, 36)
end
if puts then
  held = ARGV[1] .. stamp .. ARGV[2]
  redis.call('SET', KEYS[1], held, 'PX', ARGV[3])
end
if ARGV[5] ~= '' then
  redis.call('PUBLISH', ARGV[5], ARGV[6])
end
return held
