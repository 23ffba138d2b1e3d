import { createHmac } from "node:crypto";

/** What a signature holds for: one day, region and service. */
export interface Scope {
  /** `YYYYMMDD`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

/** As it stands in a credential: `20261124/eu-central-1/xray/aws4_request`. */
export function scopeText({ date, region, service }: Scope): string {
  return `${date}/${region}/${service}/aws4_request`;
}

const maxKept = 100;

/** Keys derived from secrets, kept for the day they hold: deriving takes four digests, signing with the key one. */
export class SigningKeys {
  readonly #keys = new Map<string, Buffer>();

  key(secret: string, scope: Scope): Buffer {
    const name = `${scopeText(scope)}/${secret}`;
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    let key: Buffer = Buffer.from(`AWS4${secret}`);
    for (const part of [scope.date, scope.region, scope.service, "aws4_request"]) key = hmac(key, part);
    // All of them when there are many: they are of days past, or of callers by the dozen, and cheap to derive again.
    if (this.#keys.size >= maxKept) this.#keys.clear();
    this.#keys.set(name, key);
    return key;
  }
}

/** HMAC-SHA-256. */
export function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
