import { isMember, parseSpiffeId, sameSpiffeId } from '../spiffe-id.ts'
import { parseTrustDomain } from '../trust-domain.ts'
import type { OwnRule } from './rule.ts'

type Row = [section: string, rule: string, passes: string, fails: string, refusal: OwnRule['refusal']]

const bytes = (length: number) => `spiffe://hardway.test/${'a'.repeat(length - 22)}`
const domain = (length: number) => `spiffe://${'a'.repeat(length)}/add`

const parsing: Row[] = [
  ['2', 'the scheme is spiffe', 'spiffe://hardway.test/add', 'https://hardway.test/add', 'bad_spiffe_id'],
  [
    '2',
    'the scheme is lower case',
    'spiffe://hardway.test/add',
    'Spiffe://hardway.test/add',
    'bad_spiffe_id',
  ],
  [
    '2',
    'two slashes follow the scheme',
    'spiffe://hardway.test/add',
    'spiffe:/hardway.test/add',
    'bad_spiffe_id',
  ],
  ['2', 'nothing stands before or after it', 'spiffe://a/b', ' spiffe://a/b', 'bad_spiffe_id'],
  ['2', 'there is no line end after it', 'spiffe://a/b', 'spiffe://a/b\n', 'bad_spiffe_id'],
  ['2', 'there is no query', 'spiffe://a/b', 'spiffe://a/b?c=d', 'bad_spiffe_id'],
  ['2', 'there is no fragment', 'spiffe://a/b', 'spiffe://a/b#c', 'bad_spiffe_id'],
  ['2.1', 'the trust domain is not empty', 'spiffe://a/b', 'spiffe:///b', 'bad_trust_domain'],
  [
    '2.1',
    'the trust domain is of a-z, 0-9, ".", "_", "-"',
    'spiffe://a_0-z.x/b',
    'spiffe://a!/b',
    'bad_trust_domain',
  ],
  ['2.1', 'upper case in it is refused, not folded', 'spiffe://a/b', 'spiffe://A/b', 'bad_trust_domain'],
  ['2.1', 'there is no port', 'spiffe://a/b', 'spiffe://a:443/b', 'bad_trust_domain'],
  ['2.1', 'there is no empty port either', 'spiffe://a/b', 'spiffe://a:/b', 'bad_trust_domain'],
  ['2.1', 'there is no user', 'spiffe://a/b', 'spiffe://u@a/b', 'bad_trust_domain'],
  ['2.1', 'the trust domain is not percent-encoded', 'spiffe://a/b', 'spiffe://%61/b', 'bad_trust_domain'],
  [
    '2.1',
    'an IPv4 address is a name, an IPv6 address is none',
    'spiffe://10.0.0.1/b',
    'spiffe://[::1]/b',
    'bad_trust_domain',
  ],
  ['2.1', 'letters are those of ASCII', 'spiffe://a/b', 'spiffe://ä/b', 'bad_trust_domain'],
  ['2.2', 'a path is optional, a trailing "/" is not a path', 'spiffe://a', 'spiffe://a/', 'bad_spiffe_id'],
  ['2.2', 'no "/" ends it', 'spiffe://a/b', 'spiffe://a/b/', 'bad_spiffe_id'],
  ['2.2', 'no segment is empty', 'spiffe://a/b/c', 'spiffe://a/b//c', 'bad_spiffe_id'],
  ['2.2', 'no segment is "."; ".a" is one', 'spiffe://a/.a/c', 'spiffe://a/./c', 'bad_spiffe_id'],
  ['2.2', 'no segment is ".."; "..." is one', 'spiffe://a/.../c', 'spiffe://a/b/../c', 'bad_spiffe_id'],
  [
    '2.2',
    'segments are of a-z, A-Z, 0-9, ".", "_", "-"',
    'spiffe://a/B_9-.z',
    'spiffe://a/b+c',
    'bad_spiffe_id',
  ],
  ['2.2', 'the path is not percent-encoded', 'spiffe://a/b', 'spiffe://a/%62', 'bad_spiffe_id'],
  ['2.2', 'a backslash is no separator', 'spiffe://a/b/c', 'spiffe://a/b\\c', 'bad_spiffe_id'],
  ['2.2', 'there is no NUL', 'spiffe://a/b', 'spiffe://a/b\0', 'bad_spiffe_id'],
  ['2.3', '2,048 bytes work, and no more', bytes(2048), bytes(2049), 'bad_spiffe_id'],
  ['2.3', 'a trust domain has 255 bytes at most', domain(255), domain(256), 'bad_trust_domain'],
]

function own([section, rule, passes, fails, refusal]: Row): OwnRule {
  return {
    document: 'SPIFFE-ID',
    section,
    rule,
    enforcedBy: 'identity',
    passes: () => parseSpiffeId(passes),
    fails: () => parseSpiffeId(fails),
    refusal,
  }
}

const add = parseSpiffeId('spiffe://hardway.test/add')
const home = parseTrustDomain('hardway.test')

export const spiffeIdRules: readonly OwnRule[] = [
  ...parsing.map(own),
  {
    document: 'SPIFFE-ID',
    section: '2.4',
    rule: 'IDs are compared whole: /add is not /adder',
    enforcedBy: 'identity',
    passes: () => sameSpiffeId(add, parseSpiffeId('spiffe://hardway.test/add')),
    fails: () => sameSpiffeId(add, parseSpiffeId('spiffe://hardway.test/adder')),
    refusal: 'false',
  },
  {
    document: 'SPIFFE-ID',
    section: '2.4',
    rule: 'the case of a path counts',
    enforcedBy: 'identity',
    passes: () => sameSpiffeId(add, add),
    fails: () => sameSpiffeId(add, parseSpiffeId('spiffe://hardway.test/Add')),
    refusal: 'false',
  },
  {
    document: 'SPIFFE-ID',
    section: '2.1',
    rule: 'trust domains are compared whole: hardway.test is not hardway.test.evil',
    enforcedBy: 'identity',
    passes: () => isMember(add, home),
    fails: () => isMember(parseSpiffeId('spiffe://hardway.test.evil/add'), home),
    refusal: 'false',
  },
]
