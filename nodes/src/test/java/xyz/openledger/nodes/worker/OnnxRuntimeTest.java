package xyz.openledger.nodes.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.protocol.Workload;

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
