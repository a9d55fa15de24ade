package xyz.openledger.cluster.cli;

import xyz.openledger.chainanchor.evm.DisputeCourtAbi.Refusal;

/** What the court says by its errors, and what a chain says of an empty purse, in words. */
final class CourtRefusals {
  private CourtRefusals() {}

  /** The refusal as a person reads it; what is not known stays as it came. */
  static String words(String message) {
    return message.contains("Insufficient funds")
        ? "the key's account has no coins for the gas of a transaction"
        : "the court refuses: "
            + Refusal.in(message).map(refusal -> words(refusal, message)).orElse(message);
  }

  private static String words(Refusal refusal, String message) {
    return switch (refusal) {
      case NOT_SIGNED -> "the node did not sign one of the two statements";
      case NOT_ACCEPTED -> "what the accusation calls accepted is not in the receipt's leaf";
      case NO_CONTRADICTION -> "the two statements do not contradict one another";
      case ALREADY_TRIED -> "this node has been accused for this replica already";
      case WRONG_STATE ->
          "the case is not where this can be done: see openledger dispute case show";
      case NOT_OWNER -> "only the owner of the accused node may appeal, and this key is another's";
      case APPEAL_TIME ->
          "an appeal has to come before the end of its time, and closing a case after it (or after"
              + " the judge's 60 days): see openledger dispute case show";
      case ACCESS_MANAGED_UNAUTHORIZED -> "this key is not the judge's, whom votes appoint";
      case BAD_TERMS -> "its terms are not possible";
      default -> message;
    };
  }
}
