// The certified provider `oidc-provider` on loopback, for tests. Prints its issuer when it listens; ends with its standard input.
// A sign-in is a POST of `email`, and if wanted `unverified` and `amr`, to the address of the interaction.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const { CLIENT_ID, CLIENT_SECRET, REDIRECT_URI } = process.env;
const unverified = new Set();

function claimsOf(email) {
  return { sub: `subject-of-${email}`, email, email_verified: !unverified.has(email), name: "Name at the provider" };
}

function configuration() {
  return {
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        redirect_uris: [REDIRECT_URI],
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
    claims: { openid: ["sub", "amr"], email: ["email", "email_verified"], profile: ["name"] },
    conformIdTokenClaims: false,
    cookies: { keys: ["only for tests"] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_, email) => ({ accountId: email, claims: () => claimsOf(email) }),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    loadExistingGrant: async (context) => {
      const grant = new context.oidc.provider.Grant({
        clientId: context.oidc.client.clientId,
        accountId: context.oidc.session.accountId,
      });
      grant.addOIDCScope("openid email profile");
      await grant.save();
      return grant;
    },
  };
}

async function signIn(provider, request, response) {
  let body = "";
  for await (const part of request) body += part;
  const form = new URLSearchParams(body);
  const email = form.get("email");
  if (!email) {
    const result = { error: "access_denied", error_description: "The person went back." };
    return provider.interactionFinished(request, response, result);
  }
  if (form.get("unverified")) unverified.add(email);
  const amr = form.getAll("amr");
  return provider.interactionFinished(request, response, { login: { accountId: email, amr: amr.length ? amr : undefined } });
}

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, configuration());
  const answer = provider.callback();
  server.on("request", (request, response) => {
    if (!request.url.startsWith("/interaction/")) return answer(request, response);
    signIn(provider, request, response).catch((error) => response.writeHead(500).end(String(error)));
  });
  console.log(issuer);
});
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
