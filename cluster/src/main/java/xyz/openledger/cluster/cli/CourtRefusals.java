package xyz.openledger.cluster.cli;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import xyz.openledger.protocol.keys.Keccak;

/** What the court says by its errors, and what a chain says of an empty purse, in words. */
final class CourtRefusals {
  private static final Pattern CUSTOM = Pattern.compile("custom error (0x[0-9a-f]{8})");
  private static final Map<String, String> WORDS =
      Map.of(
              "NotSigned(bytes16,bytes32)",
              "the node did not sign one of the two statements",
              "NotAccepted()",
              "what the accusation calls accepted is not in the receipt's leaf",
              "NoContradiction()",
              "the two statements do not contradict one another",
              "AlreadyTried(bytes16,bytes32)",
              "this node has been accused for this replica already",
              "WrongState(uint256,uint8,uint8)",
              "the case is not open: see openledger dispute case show",
              "NotOwner(bytes16,address)",
              "only the owner of the accused node may appeal, and this key is another's",
              "AppealTime(uint48,uint256)",
              "an appeal has to come before the end of its time, and closing a case after it: see"
                  + " openledger dispute case show",
              "BadTerms()",
              "its terms are not possible")
          .entrySet()
          .stream()
          .collect(Collectors.toUnmodifiableMap(it -> selector(it.getKey()), Map.Entry::getValue));

  private CourtRefusals() {}

  /** The refusal as a person reads it; what is not known stays as it came. */
  static String words(String message) {
    Matcher custom = CUSTOM.matcher(message);
    if (custom.find() && WORDS.containsKey(custom.group(1))) {
      return "the court refuses: " + WORDS.get(custom.group(1));
    }
    return message.contains("Insufficient funds")
        ? "the key's account has no coins for the gas of a transaction"
        : "the court refuses: " + message;
  }

  private static String selector(String signature) {
    byte[] hash = Keccak.hash(signature.getBytes(StandardCharsets.US_ASCII));
    return "0x" + HexFormat.of().formatHex(hash, 0, 4);
  }
}
