// Models and inputs drawn from a seed, for tests and figures.
import { createHash } from "node:crypto";

/** Numbers that the seed determines. */
export function draws(seed) {
  let counter = 0;
  const bytes = () => createHash("sha256").update(`${seed}/${counter++}`).digest();
  const below = (bound) => Number(bytes().readBigUInt64BE() % BigInt(bound));
  const signed = (bits) => below(2 ** bits) - 2 ** (bits - 1);
  const list = (length, draw) => Array.from({ length }, draw);
  const secret = () => "0x" + bytes().toString("hex").slice(0, 62);
  return {
    below,
    secret,
    model: () => ({
      first: list(12, () => list(16, () => signed(8))),
      firstBias: list(12, () => signed(14)),
      second: list(4, () => list(12, () => signed(8))),
      secondBias: list(4, () => signed(14)),
      salt: secret(),
    }),
    input: () => list(16, () => signed(8)),
  };
}
