package xyz.openledger.verification.gate;

/**
 * What the gate can be told to leave out, by its own tests alone: with any of these the tests that
 * compare engines and count instructions must fail, or they prove nothing.
 */
enum Omission {
  /** The charge at loop heads. */
  LOOP_CHARGE,
  /** The call depth counter. */
  CALL_DEPTH,
  /** Making NaNs canonical. */
  NAN
}
