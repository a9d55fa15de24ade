package xyz.openledger.nodes.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.nodes.sandbox.Sandbox;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.session.Terms;

class OnnxRuntimeTest {
  @TempDir Path folder;

  private ProcessorTraits of(String vendor, String family, String flags) throws IOException {
    Path file = folder.resolve("cpuinfo");
    Files.writeString(
        file,
        "processor\t: 0\nvendor_id\t: %s\ncpu family\t: %s\nmodel name\t: any\nflags\t\t: %s\n"
            .formatted(vendor, family, flags));
    return ProcessorTraits.of(file);
  }

  @Test
  void aProfileFitsIntoALabelAndIsTheSameEachTime() {
    OnnxRuntime runtime = Objects.requireNonNull(OnnxRuntime.find().runtime());

    assertThat(Workload.Onnx.isProfile(runtime.profile())).as(runtime.profile()).isTrue();
    assertThat(runtime.profile()).startsWith("ort1.29.0-");
    assertThat(OnnxRuntime.find().runtime()).isEqualTo(runtime);
    assertThat(OnnxRuntime.find().missing()).isEmpty();
  }

  @Test
  void nativeCodeIsOfferedOnlyBehindAWall() {
    OnnxRuntime.Found found = OnnxRuntime.find();

    assertThat(found.offered(Sandbox.Level.BUBBLEWRAP, Map.of())).isEqualTo(found);
    OnnxRuntime.Found open = found.offered(Sandbox.Level.PROCESS, Map.of());
    assertThat(open.runtime()).isNull();
    assertThat(open.missing()).hasValueSatisfying(why -> assertThat(why).contains("bubblewrap"));
  }

  @Test
  void aNodeWhoseLabelsAreFullOffersNoneAndSaysWhy() {
    OnnxRuntime.Found found = OnnxRuntime.find();
    String profile = Objects.requireNonNull(found.runtime()).profile();
    var labels = new HashMap<String, String>();
    for (int i = 0; i < Terms.LABELS_MAX; i++) {
      labels.put("rack" + i, "a");
    }

    OnnxRuntime.Found full = found.offered(Sandbox.Level.BUBBLEWRAP, labels);
    assertThat(full.runtime()).isNull();
    assertThat(full.missing()).hasValueSatisfying(why -> assertThat(why).contains("no room"));

    labels.remove("rack0");
    assertThat(found.offered(Sandbox.Level.BUBBLEWRAP, labels)).isEqualTo(found);
    // It was announced before, and is announced again.
    labels.put(Workload.Onnx.LABEL, profile);
    assertThat(found.offered(Sandbox.Level.BUBBLEWRAP, labels)).isEqualTo(found);
  }

  @Test
  void processorsThatChooseOtherCodeAreOtherProfiles() throws IOException {
    String plain = of("AuthenticAMD", "25", "fpu avx avx2 fma").label();

    assertThat(plain).startsWith("authenticamd-25.");
    assertThat(of("AuthenticAMD", "25", "fma avx2 ssse3 avx").label()).isEqualTo(plain);
    assertThat(of("AuthenticAMD", "25", "fpu avx avx2 fma avx512f").label()).isNotEqualTo(plain);
    assertThat(of("AuthenticAMD", "26", "fpu avx avx2 fma").label()).isNotEqualTo(plain);
    assertThat(of("GenuineIntel", "25", "fpu avx avx2 fma").label()).isNotEqualTo(plain);
  }

  @Test
  void aProcessorThatSaysNothingStillHasAProfile() throws IOException {
    Path none = folder.resolve("none");
    assertThat(Workload.Onnx.isProfile("ort1-" + ProcessorTraits.of(none).label())).isTrue();
    assertThat(Workload.Onnx.isProfile("ort1-" + of("", "", "").label())).isTrue();
  }
}
