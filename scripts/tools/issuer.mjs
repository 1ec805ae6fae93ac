// An organization's own sign-in, for the tests of federation: the certified `oidc-provider` with people who sign in by being
// named. Arguments: port, then settings as JSON {clients, accounts: {id: claims}, conform}. The protocol is the library's;
// only the page on which a person would type a password is left out.
import { createRequire } from 'node:module';
import { generateKeyPairSync } from 'node:crypto';

// Whoever started this reads until it is ready, and then no more.
process.stdout.on('error', () => {});

const require = createRequire(process.env.FOOTBRIDGE_TOOLS + '/');
const { default: Provider } = await import(require.resolve('oidc-provider'));

const [port, text] = process.argv.slice(2);
const settings = JSON.parse(text);
const issuer = `http://localhost:${port}`;
const { privateKey } = generateKeyPairSync(settings.keys === 'rsa' ? 'rsa' : 'ec', { modulusLength: 2048, namedCurve: 'P-256' });
const key = { ...privateKey.export({ format: 'jwk' }), use: 'sig', kid: `key-${process.pid}` };

const provider = new Provider(issuer, {
  clients: settings.clients.map((client) => ({ id_token_signed_response_alg: settings.keys === 'rsa' ? 'RS256' : 'ES256', ...client })),
  jwks: { keys: [key] },
  cookies: { keys: ['not a secret'] },
  features: { devInteractions: { enabled: false } },
  conformIdTokenClaims: settings.conform !== false,
  claims: { openid: ['sub', 'amr', 'auth_time'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username'] },
  pkce: { required: () => true, methods: ['S256'] },
  enabledJWA: { clientAuthSigningAlgValues: ['ES256'] },
  clientBasedCORS: () => false,
  interactions: { url: (_, interaction) => `/sign-in/${interaction.uid}` },
  async findAccount(_, id) {
    const claims = settings.accounts[id];
    return claims && { accountId: id, claims: async () => ({ sub: id, ...claims }) };
  },
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope('openid email profile');
    await grant.save();
    return grant;
  },
});

// Whoever is named by the hint signs in; the first part of an address is the account.
provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/sign-in/')) return next();
  const details = await provider.interactionDetails(ctx.req, ctx.res);
  const accountId = (details.params.login_hint ?? '').split('@')[0];
  const methods = settings.methods ?? ['pwd'];
  const result = settings.accounts[accountId]
    ? { login: { accountId, amr: methods, remember: false } }
    : { error: 'access_denied', error_description: 'nobody by that name' };
  await provider.interactionFinished(ctx.req, ctx.res, result);
  ctx.respond = false;
});

const server = provider.listen(Number(port), '127.0.0.1', () => console.log('ready'));
process.stdin.on('end', () => server.close(() => process.exit(0)));
process.stdin.resume();
