package xyz.openledger.verification.zk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.json.Json;

/**
 * The verification keys of the two statements about a model, and where they come from.
 *
 * @param ceremony how the keys were made
 * @param registration bytes of the key that weights are in range; signals: model, owner
 * @param inference bytes of the key that an output is the model's; signals: model, input, output,
 *     job
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ModelKeys(Ceremony ceremony, byte[] registration, byte[] inference) {

  /** How keys were made. */
  public enum Ceremony {
    /** From a published seed: whoever reads it can prove anything. */
    DEVELOPMENT
  }

  private record Document(String ceremony, String registration, String inference) {}

  /** The keys that this program is built with. */
  public static ModelKeys development() {
    try (var resource = ModelKeys.class.getResourceAsStream("/zk/development.json")) {
      if (resource == null) {
        throw new IllegalStateException("zk/development.json is not on the class path");
      }
      Document document = Json.read(resource.readAllBytes(), Document.class);
      return new ModelKeys(
          Ceremony.DEVELOPMENT, bytes(document.registration()), bytes(document.inference()));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Names the keys: evidence made under others is refused. */
  public Digest digest() {
    return Digest.of(registration, inference);
  }

  static byte[] bytes(String hex) {
    if (!hex.startsWith("0x")) {
      throw Check.refusal("", "hex begins with 0x");
    }
    return HexFormat.of().parseHex(hex, 2, hex.length());
  }
}
