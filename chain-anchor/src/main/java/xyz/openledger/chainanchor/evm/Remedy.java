package xyz.openledger.chainanchor.evm;

import java.util.Locale;
import java.util.stream.Stream;
import xyz.openledger.protocol.Address;

/** What a node refuses with, for people: what to do comes first, what it says after. */
final class Remedy {
  /** A node may say anything; so much is read by somebody. */
  private static final int CHARACTERS_MAX = 300;

  private Remedy() {}

  /** Of a call or transaction of {@code sender}. */
  static String of(RpcException refused, Address sender) {
    String said = printable(String.valueOf(refused.getMessage()));
    String advice = advice(said, sender);
    return advice.isEmpty() ? said : advice + " (" + said + ")";
  }

  private static String advice(String said, Address sender) {
    if (said.toLowerCase(Locale.ROOT).contains("insufficient funds")) {
      return "send coins of the chain to " + sender + ", it pays for gas";
    }
    if (AnchorLogAbi.Refusal.in(said)
        .filter(AnchorLogAbi.Refusal.NOT_ANCHORER::equals)
        .isPresent()) {
      return "the log is anchored by another key now: give the member that key, or have %s made the anchorer again"
          .formatted(sender);
    }
    boolean unauthorized =
        Stream.concat(
                EscrowAbi.Refusal.in(said).stream(), RewardDistributorAbi.Refusal.in(said).stream())
            .anyMatch(refusal -> refusal.name().equals("ACCESS_MANAGED_UNAUTHORIZED"));
    return unauthorized
        ? "%s may not call this contract: give the member the key that may, or grant it its role again"
            .formatted(sender)
        : "";
  }

  private static String printable(String said) {
    String plain = said.replaceAll("[\\p{Cntrl}\\p{Cf}]+", " ");
    return plain.length() <= CHARACTERS_MAX ? plain : plain.substring(0, CHARACTERS_MAX) + "…";
  }
}
