package xyz.openledger.cluster.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import xyz.openledger.chainanchor.log.Checkpoint;
import xyz.openledger.chainanchor.log.CheckpointNote;
import xyz.openledger.chainanchor.log.LogKey;
import xyz.openledger.chainanchor.log.LogLeaf;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Division;
import xyz.openledger.protocol.FeeSplit;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.api.ReceiptProof;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.protocol.keys.Ed25519Key;

/** The files of an evidence bundle in memory, to be changed and packed again, sums and all. */
final class BundleFiles {
  private BundleFiles() {}

  /** What a bundle holds, by name. */
  static Map<String, String> unpack(Path file) throws IOException {
    var files = new LinkedHashMap<String, String>();
    try (var archive = new ZipFile(file.toFile())) {
      for (var entry : Collections.list(archive.entries())) {
        files.put(
            entry.getName(),
            new String(archive.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return files;
  }

  /** An archive of them in that folder. */
  static Path pack(Map<String, String> files, Path folder) throws IOException {
    Path file = Files.createTempFile(folder, "packed", ".zip");
    try (var archive = new ZipOutputStream(Files.newOutputStream(file))) {
      for (var each : files.entrySet()) {
        archive.putNextEntry(new ZipEntry(each.getKey()));
        archive.write(each.getValue().getBytes(StandardCharsets.UTF_8));
        archive.closeEntry();
      }
    }
    return file;
  }

  /** The first name that begins so. */
  static String name(Map<String, String> files, String prefix) {
    return files.keySet().stream()
        .filter(name -> name.startsWith(prefix))
        .findFirst()
        .orElseThrow();
  }

  /** A file of JSON. */
  static JsonNode tree(Map<String, String> files, String name) {
    return Json.tree(files.getOrDefault(name, "").getBytes(StandardCharsets.UTF_8));
  }

  /** Writes the sums anew, as a forger would. */
  static void summed(Map<String, String> files) {
    files.put("SHA256SUMS", sums(files));
  }

  /** The bundle with its receipt changed, in a log of another key that holds it alone. */
  static Map<String, String> signedBy(
      Ed25519Key key, Map<String, String> files, Consumer<ObjectNode> change) {
    String name = name(files, "receipts/");
    var document = (ObjectNode) tree(files, name).path("document");
    change.accept(document);
    var leaf = LogLeaf.of(Json.read(document, Receipt.class));
    String origin = LogKey.parse(files.getOrDefault("keys/log.key", "").strip()).name();
    var note = CheckpointNote.sign(new Checkpoint(origin, 1, leaf.hash()), key);
    var proof =
        new ReceiptProof(
            1, document, leaf.leafHex(), 0, 1, List.of(), note.text(), null, List.of());
    var signed = new LinkedHashMap<>(files);
    signed.put(name, Json.pretty(proof) + "\n");
    signed.put("keys/log.key", LogKey.of(origin, key.publicKey()) + "\n");
    summed(signed);
    return signed;
  }

  /** Divides what was held by another split. */
  static void divide(ObjectNode receipt, FeeSplit split) {
    Receipt was = Json.read(receipt, Receipt.class);
    long held = Objects.requireNonNull(was.division()).heldNanoOpen();
    receipt.set(
        "division", Json.tree(Division.of(split, held, Division.prices(was.tasks()), null)));
  }

  private static String sums(Map<String, String> files) {
    var text = new StringBuilder();
    files.forEach(
        (name, content) -> {
          if (!name.equals("SHA256SUMS")) {
            text.append(Digest.of(content.getBytes(StandardCharsets.UTF_8)).hex())
                .append("  ")
                .append(name)
                .append('\n');
          }
        });
    return text.toString();
  }
}
