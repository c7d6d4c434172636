/** What a receiver checks the signature `v1` with; docs/forwarding.md shows the same, and its tests run them. */
export const receivers = {
  node: `import { createHmac, timingSafeEqual } from "node:crypto";
const key = Buffer.from(process.env.WEBHOOK_SECRET.replace("whsec_", ""), "base64");
export function isGenuine({ "webhook-id": id, "webhook-timestamp": at, "webhook-signature": list = "" }, body) {
  if (!(Math.abs(Date.now() / 1000 - at) < 300)) return false;
  const wanted = createHmac("sha256", key).update(\`\${id}.\${at}.\`).update(body).digest();
  const given = list.split(" ").map((one) => Buffer.from(one.replace("v1,", ""), "base64"));
  return given.some((one) => one.length === wanted.length && timingSafeEqual(one, wanted));
}
`,
  python: `import base64, hashlib, hmac, os, time
key = base64.b64decode(os.environ["WEBHOOK_SECRET"].removeprefix("whsec_"))
def is_genuine(environ, body):  # a WSGI environment, and the body as bytes
    id, at = environ.get("HTTP_WEBHOOK_ID", ""), environ.get("HTTP_WEBHOOK_TIMESTAMP", "0")
    if not at.isdigit() or abs(time.time() - int(at)) > 300: return False
    digest = hmac.new(key, f"{id}.{at}.".encode() + body, hashlib.sha256).digest()
    wanted = "v1," + base64.b64encode(digest).decode()
    given = environ.get("HTTP_WEBHOOK_SIGNATURE", "").split(" ")
    return any([hmac.compare_digest(wanted.encode(), one.encode()) for one in given])
`,
  go: `package receiver

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

var key, _ = base64.StdEncoding.DecodeString(strings.TrimPrefix(os.Getenv("WEBHOOK_SECRET"), "whsec_"))

func IsGenuine(header http.Header, body []byte) bool {
	id, at := header.Get("webhook-id"), header.Get("webhook-timestamp")
	sent, err := strconv.ParseInt(at, 10, 64)
	if err != nil || time.Since(time.Unix(sent, 0)).Abs() > 5*time.Minute {
		return false
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + at + "."))
	mac.Write(body)
	wanted := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	for _, given := range strings.Split(header.Get("webhook-signature"), " ") {
		if hmac.Equal([]byte(wanted), []byte(given)) {
			return true
		}
	}
	return false
}
`,
  php: `function is_genuine(string $body): bool {
    $key = base64_decode(substr(getenv("WEBHOOK_SECRET"), strlen("whsec_")));
    [$id, $at] = [$_SERVER["HTTP_WEBHOOK_ID"] ?? "", $_SERVER["HTTP_WEBHOOK_TIMESTAMP"] ?? "0"];
    if (abs(time() - (int) $at) > 300) return false;
    $wanted = "v1," . base64_encode(hash_hmac("sha256", "$id.$at.$body", $key, true));
    foreach (explode(" ", $_SERVER["HTTP_WEBHOOK_SIGNATURE"] ?? "") as $given)
        if (hash_equals($wanted, $given)) return true;
    return false;
} // is_genuine(file_get_contents("php://input"))
`,
} as const;

export type ReceiverLanguage = keyof typeof receivers;
