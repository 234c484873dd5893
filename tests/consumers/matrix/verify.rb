# The libraries of Ruby. See matrix.py for what goes in and out.
require "json"
require "json/jwt"
require "jwt"
require "net/http"

given = JSON.parse($stdin.read)
issuer, audience, algorithm = given.values_at("issuer", "audience", "algorithm")
key_set = JSON.parse(Net::HTTP.get(URI(given["jwks_uri"])), symbolize_names: true)

def demand(holds) = holds || raise("refused")

libraries = {
  "ruby-jwt" => ["jwt", ["typ"], lambda { |token|
    options = { algorithms: [algorithm], jwks: key_set, iss: issuer, verify_iss: true, aud: audience,
                verify_aud: true, leeway: 30, required_claims: %w[exp iat iss aud sub] }
    _, header = JWT.decode(token, nil, true, options)
    demand(header["typ"] == "at+jwt")
  }],
  "json-jwt" => ["json-jwt", %w[typ iss aud exp], lambda { |text|
    token = JSON::JWT.decode(text, JSON::JWK::Set.new(key_set), [algorithm.to_sym])
    demand(token.header["typ"] == "at+jwt" && token["iss"] == issuer && token["aud"] == audience)
    demand(token["exp"].is_a?(Integer) && token["exp"] > Time.now.to_i - 30)
  }],
}

results = libraries.to_h do |name, (gem, by_hand, verify)|
  result = { version: Gem.loaded_specs[gem].version.to_s, by_hand: by_hand, accepted: [], errors: {} }
  given["tokens"].each do |token_name, token|
    verify.call(token)
    result[:accepted] << token_name
  rescue StandardError, NotImplementedError, LoadError => e
    result[:errors][token_name] = "#{e.class}: #{e.message}"
  end
  [name, result]
end
puts JSON.generate({ language: "Ruby", libraries: results })
