package xyz.openledger.cluster.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.json.Json;

/** A receipt on this disk. */
final class ReceiptFile {
  private ReceiptFile() {}

  /**
   * Reads the receipt itself, also out of the bundle that {@code receipt show} prints.
   *
   * @throws CommandFailure that names the file
   */
  static Receipt read(Path file) throws IOException {
    byte[] bytes = MatmulFiles.bytes(file);
    try {
      JsonNode tree = Json.read(bytes, JsonNode.class);
      return Json.read(tree.has("document") ? tree.get("document") : tree, Receipt.class);
    } catch (ProblemException malformed) {
      String place = malformed.field().isEmpty() ? "" : malformed.field() + " ";
      throw CommandFailure.usage(
          "%s is no receipt: %s%s".formatted(file, place, malformed.detail()), "FILE", "");
    }
  }
}
