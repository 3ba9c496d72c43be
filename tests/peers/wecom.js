// Reads {token, key, id, encrypt: [text], decrypt: [base64]} and answers with Tencent's own code.
const { encrypt, decrypt, getSignature } = require("@wecom/crypto");

const asked = JSON.parse(require("fs").readFileSync(0, "utf8"));
const encrypted = asked.encrypt.map((text) => encrypt(asked.key, text, asked.id));
const signatures = encrypted.map((one) => getSignature(asked.token, "1714037060", "n2", one));
const decrypted = asked.decrypt.map((one) => {
  const { message, id } = decrypt(asked.key, one);
  return { message, id };
});
process.stdout.write(JSON.stringify({ encrypted, signatures, decrypted }));
