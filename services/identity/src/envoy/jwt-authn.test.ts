import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { jwtAuthnText } from '../test-world.ts'
import { renderJwtAuthn, requireKeyPlaces } from './jwt-authn.ts'

const jwks = '{\n  "keys": [{ "kid": "it\'s" }]\n}'

test('the keys come into every provider, and all else stays to the letter', () => {
  const text = jwtAuthnText.replace(
    /( {6}hardway:[\s\S]*)$/,
    '$1      second:\n        local_jwks:\n          inline_string: "" # here too\n',
  )
  const rendered = renderJwtAuthn(text, jwks)
  const inlined = `'{"keys":[{"kid":"it''s"}]}'`
  expect(rendered).toBe(
    text.replace(`'{"keys":[]}'`, inlined).replace('inline_string: ""', `inline_string: ${inlined}`),
  )
  const { providers } = parse(rendered).resources[0].typed_config
  expect(Object.keys(providers)).toEqual(['hardway', 'second'])
  for (const name of ['hardway', 'second']) {
    expect(JSON.parse(providers[name].local_jwks.inline_string)).toEqual(JSON.parse(jwks))
  }
})

test.each([
  ['a: [', 'it is no YAML'],
  ['resources: []', 'no provider has local_jwks'],
  ['providers: { hardway: { remote_jwks: {} } }', 'no provider has local_jwks'],
  [
    'providers:\n  hardway:\n    local_jwks:\n      inline_string: |\n        {}\n',
    'no provider has local_jwks',
  ],
])('a file without a place for keys is refused: %j', (text, problem) => {
  requireKeyPlaces(jwtAuthnText, 'good.yaml')
  expect(() => requireKeyPlaces(text, 'jwt-authn.yaml')).toThrow(`jwt-authn.yaml: ${problem}`)
})
