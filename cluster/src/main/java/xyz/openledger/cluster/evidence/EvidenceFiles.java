package xyz.openledger.cluster.evidence;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipFile;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Receipt;

/**
 * The files of an evidence bundle, which is a ZIP archive:
 *
 * <pre>
 *   SHA256SUMS          of every other file, as sha256sum -c reads it
 *   manifest.json       whose it is, and which jobs
 *   receipts/JOB.json   the receipt with its proofs, as receipt verify reads it
 *   jobs/JOB.json       the job as the member lists it: its labels, objective, verification
 *   nodes/NODE.json     each node that worked: its key, registration and hardware
 *   specs/JOB.json      what was submitted, policy included
 *   governance/H.json   the rules with the hash H; before version 3 of the manifest, of epoch H
 *   placements.csv      where each replica ran, by region, data class and licence
 *   keys/log.key        the log's key; keys/NAME.key, those of witnesses
 * </pre>
 */
final class EvidenceFiles {
  static final String SUMS = "SHA256SUMS";
  static final String MANIFEST = "manifest.json";
  static final String PLACEMENTS = "placements.csv";
  static final String LOG_KEY = "keys/log.key";
  static final String WITNESS_KEYS = "keys/witness-";

  /** The most bytes of all files together. */
  static final long BYTES_MAX = 256L << 20;

  /** The most bytes of one file. */
  static final int FILE_BYTES_MAX = 8 << 20;

  private static final int FILES_MAX = 64_000;

  private EvidenceFiles() {}

  static String receipt(JobId job) {
    return "receipts/" + job + ".json";
  }

  static String job(JobId job) {
    return "jobs/" + job + ".json";
  }

  static String node(NodeId node) {
    return "nodes/" + node + ".json";
  }

  static String spec(JobId job) {
    return "specs/" + job + ".json";
  }

  /** The rules of a receipt, in a bundle of that version. */
  static String rules(Receipt receipt, int version) {
    return "governance/%s.json"
        .formatted(
            version < EvidenceManifest.WITH_POLICIES
                ? Long.toString(receipt.governanceEpoch())
                : receipt.ruleHash().hex());
  }

  static String sum(String name, byte[] content) {
    return Digest.of(content).hex() + "  " + name + "\n";
  }

  /**
   * Opens a bundle for reading.
   *
   * @throws IOException if it is no archive, or larger than a bundle may be
   */
  static Map<String, byte[]> read(Path file) throws IOException {
    var files = new TreeMap<String, byte[]>();
    long total = 0;
    try (var archive = new ZipFile(file.toFile(), StandardCharsets.UTF_8)) {
      if (archive.size() > FILES_MAX) {
        throw new IOException("a bundle has at most " + FILES_MAX + " files");
      }
      for (var entry : Collections.list(archive.entries())) {
        byte[] content;
        try (var stream = archive.getInputStream(entry)) {
          content = stream.readNBytes(FILE_BYTES_MAX + 1);
        }
        total += content.length;
        if (content.length > FILE_BYTES_MAX || total > BYTES_MAX) {
          throw new IOException(entry.getName() + " is longer than a bundle's files may be");
        }
        if (files.put(entry.getName(), content) != null) {
          throw new IOException(entry.getName() + " is there twice");
        }
      }
    }
    return files;
  }
}
