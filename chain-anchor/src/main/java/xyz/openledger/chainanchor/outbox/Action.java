package xyz.openledger.chainanchor.outbox;

/**
 * What to do next. An action may be dropped or fail at any time: as long as it is needed it is
 * asked for again. Whatever comes of it goes back as {@link Observation.Answered}; of a failed
 * request, nothing.
 */
public sealed interface Action {

  /** The head at which it was asked for; tells an answer of today from one of yesterday. */
  BlockRef head();

  /** Which state to ask about. */
  enum Tag {
    LATEST,
    FINAL
  }

  /**
   * Look whether the effect is on the chain. Answer: {@link Reply.Effect}.
   *
   * @param asksContract whether to ask as well, if it is not there, if the contract would let it
   *     happen now
   */
  record CheckEffect(BlockRef head, String id, Intent intent, Tag tag, boolean asksContract)
      implements Action {}

  /** Sign the intent's call. Answer: {@link Reply.Signature}. */
  record Sign(
      BlockRef head, String id, Intent intent, long nonce, long maxFeeWeiPerGas, long tipWeiPerGas)
      implements Action {}

  /** Send stored bytes. Answer: {@link Reply.Sending} or {@link Reply.Refused}. */
  record Send(BlockRef head, String id, String txHash, String rawHex) implements Action {}

  /** Look for a receipt. Answer: {@link Reply.Receipt} or {@link Reply.NoReceipt}. */
  record AskReceipt(BlockRef head, String txHash) implements Action {}

  /** Ask how many transactions the key has in the latest state. Answer: {@link Reply.Nonce}. */
  record AskNonce(BlockRef head) implements Action {}

  /** Ask for the hash of the block with that number. Answer: {@link Reply.Block}. */
  record AskBlock(BlockRef head, long number) implements Action {}
}
