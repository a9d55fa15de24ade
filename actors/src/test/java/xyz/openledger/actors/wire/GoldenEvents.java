package xyz.openledger.actors.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Checks that events are written as they were written when they were released.
 *
 * <p>A folder holds one file per event, version and generation: {@code job.submitted-1.1.cbor}. The
 * newest generation is what the sample is written as today; each older one still has to be read. So
 * a field that is added gets a new generation, and nothing in the folder ever changes.
 */
final class GoldenEvents {
  private final EventCodecs codecs;
  private final Map<String, Object> samples;
  private final Path folder;
  private final Path candidates;

  /**
   * The check of one registry.
   *
   * @param samples an object for each manifest that is still written
   * @param candidates where to leave bytes that a person may look at and copy to the folder
   */
  GoldenEvents(EventCodecs codecs, Map<String, Object> samples, Path folder, Path candidates) {
    this.codecs = codecs;
    this.samples = samples;
    this.folder = folder;
    this.candidates = candidates;
  }

  /** What is wrong, one sentence each; empty when all is well. */
  List<String> complaints() throws IOException {
    var complaints = new ArrayList<String>();
    var golden = golden();
    for (var manifest : codecs.manifests().stream().sorted().toList()) {
      var generations = golden.remove(manifest);
      complaints.addAll(complaints(manifest, generations == null ? List.of() : generations));
    }
    golden
        .keySet()
        .forEach(
            gone -> complaints.add(gone + " has golden bytes, but is not registered any more"));
    samples.keySet().stream()
        .filter(manifest -> !codecs.manifests().contains(manifest))
        .forEach(manifest -> complaints.add(manifest + " has a sample, but is not registered"));
    return complaints;
  }

  private List<String> complaints(String manifest, List<Path> generations) throws IOException {
    var complaints = new ArrayList<String>();
    for (var generation : generations) {
      try {
        assertThat(codecs.fromBytes(manifest, Files.readAllBytes(generation))).isNotNull();
      } catch (WireFormatException refused) {
        complaints.add(
            "%s is not read any more: %s"
                .formatted(generation.getFileName(), refused.getMessage()));
      }
    }
    var sample = samples.get(manifest);
    if (sample != null) {
      complaints.addAll(complaints(manifest, sample, generations));
    } else if (isWritten(manifest, generations)) {
      complaints.add(manifest + " has no sample");
    }
    return complaints;
  }

  private List<String> complaints(String manifest, Object sample, List<Path> generations)
      throws IOException {
    var written = codecs.toBytes(sample);
    if (!codecs.manifest(sample).equals(manifest)) {
      return List.of("the sample of %s is a %s".formatted(manifest, codecs.manifest(sample)));
    }
    var newest = generations.isEmpty() ? null : generations.getLast();
    if (newest != null && Arrays.equals(Files.readAllBytes(newest), written)) {
      assertThat(codecs.fromBytes(manifest, written)).usingRecursiveComparison().isEqualTo(sample);
      return List.of();
    }
    var candidate = candidate(manifest, generations.size() + 1, written);
    return List.of(
        newest == null
            ? "%s has no golden bytes: look at %s, then copy it to %s"
                .formatted(manifest, candidate, folder)
            : "%s is written differently than %s: a released event may only gain fields with defaults; if it did, copy %s to %s"
                .formatted(manifest, newest.getFileName(), candidate, folder));
  }

  /** An older version is only read: its golden bytes come back as something newer. */
  private boolean isWritten(String manifest, List<Path> generations) throws IOException {
    if (generations.isEmpty()) {
      return true;
    }
    var read = codecs.fromBytes(manifest, Files.readAllBytes(generations.getLast()));
    return codecs.manifest(read).equals(manifest);
  }

  private Path candidate(String manifest, int generation, byte[] bytes) throws IOException {
    Files.createDirectories(candidates);
    return Files.write(
        candidates.resolve(manifest.replace('/', '-') + "." + generation + ".cbor"), bytes);
  }

  /** The files of each manifest, oldest generation first. */
  private Map<String, List<Path>> golden() throws IOException {
    var golden = new TreeMap<String, List<Path>>();
    try (var files = Files.list(folder)) {
      for (var file : files.sorted(Comparator.comparingInt(GoldenEvents::generation)).toList()) {
        var stem = file.getFileName().toString().replaceFirst("\\.\\d+\\.cbor$", "");
        int dash = stem.lastIndexOf('-');
        var manifest = stem.substring(0, dash) + "/" + stem.substring(dash + 1);
        golden.computeIfAbsent(manifest, _ -> new ArrayList<>()).add(file);
      }
    }
    return golden;
  }

  private static int generation(Path file) {
    var stem = file.getFileName().toString().replaceFirst("\\.cbor$", "");
    return Integer.parseInt(stem.substring(stem.lastIndexOf('.') + 1));
  }
}
