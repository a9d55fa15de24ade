package xyz.openledger.models.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xyz.openledger.models.onnx.OnnxBytes.floats;
import static xyz.openledger.models.onnx.OnnxBytes.graph;
import static xyz.openledger.models.onnx.OnnxBytes.model;
import static xyz.openledger.models.onnx.OnnxBytes.node;
import static xyz.openledger.models.onnx.OnnxBytes.of;
import static xyz.openledger.models.onnx.OnnxBytes.port;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.protocol.ProblemException;

class OnnxReaderTest {
  private static final int MUTANTS = Boolean.getBoolean("thorough") ? 10_000_000 : 100_000;

  @Test
  void aModelSaysWhatItIs() {
    OnnxModel read = OnnxReader.read(model(graph()).toBytes());

    assertThat(read.opset()).isEqualTo(17);
    assertThat(read.operators()).isEqualTo(Map.of("MatMul", 1, "Relu", 1));
    assertThat(read.parameters()).isEqualTo(6);
    assertThat(read.inputs()).singleElement().hasToString("x float[any, 3]");
    assertThat(read.outputs()).singleElement().hasToString("y float[any, 2]");
  }

  @Test
  void weightsCountWhereverTheyStand() {
    OnnxBytes tensor =
        node("Constant", "t")
            .message(5, of().text(1, "value").message(5, floats("", 2, 2, 1, 2, 3, 4)));
    OnnxBytes numbers =
        node("Constant", "f")
            .message(5, of().text(1, "value_floats").bytes(7, new byte[5 * Float.BYTES]));
    OnnxBytes whole =
        node("Constant", "i").message(5, of().text(1, "value_ints").bytes(8, new byte[] {1, 2, 3}));

    assertThat(parameters(tensor)).isEqualTo(6 + 4);
    assertThat(parameters(numbers)).isEqualTo(6 + 5);
    assertThat(parameters(whole)).isEqualTo(6 + 3);
  }

  private static long parameters(OnnxBytes node) {
    return OnnxReader.read(model(graph(of().message(1, node))).toBytes()).parameters();
  }

  @Test
  void listsAreReadPackedAndAlone() {
    OnnxBytes alone = of().number(1, 2).number(1, 1).number(2, 7).number(7, 5).number(7, 6);
    OnnxBytes packed = of().bytes(1, new byte[] {2, 1}).number(2, 7).bytes(7, new byte[] {5, 6});
    for (OnnxBytes tensor : List.of(alone, packed)) {
      OnnxBytes held = of().message(5, tensor.text(8, "v"));
      assertThat(OnnxReader.read(model(graph(held)).toBytes()).parameters()).isEqualTo(6 + 2);
    }
  }

  @Test
  void aFileThatIsOfTheRuntimesOwnFormatTooIsRefused() {
    // A version, a producer's name: and bytes 4 to 7 are what marks that format.
    OnnxBytes honest = of().number(1, 8).text(2, "ORTX").message(7, graph());
    OnnxBytes both = of().number(1, 8).text(2, "ORTM").message(7, graph());

    assertThat(OnnxReader.read(honest.message(8, of().number(2, 17)).toBytes()).opset())
        .isEqualTo(17);
    assertThatThrownBy(() -> OnnxReader.read(both.message(8, of().number(2, 17)).toBytes()))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("own format");
  }

  @Test
  void whatIsTakenTheRuntimeUnderstandsAsWeDo() throws OrtException {
    byte[] bytes = model(graph()).toBytes();
    OnnxModel read = OnnxReader.read(bytes);
    assertThat(System.getenv("ORT_DISABLE_TELEMETRY"))
        .as("without it the runtime ends a process of a long command line by signal 11")
        .isEqualTo("1");
    OrtEnvironment runtime = OrtEnvironment.getEnvironment();
    try (var options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      try (OrtSession session = runtime.createSession(bytes, options);
          OnnxTensor x = OnnxTensor.createTensor(runtime, new float[][] {{1, 1, 1}, {-1, 0, 0}});
          OrtSession.Result result = session.run(Map.of("x", x))) {
        assertThat(session.getInputNames())
            .containsExactlyElementsOf(read.inputs().stream().map(OnnxModel.Port::name).toList());
        assertThat((float[][]) result.get(0).getValue()).isEqualTo(new float[][] {{9, 0}, {0, 2}});
      }
    }
  }

  static Stream<Arguments> refused() {
    OnnxBytes external = of().number(1, 1).number(2, 1).text(8, "far").number(14, 1);
    OnnxBytes path =
        of().number(1, 1)
            .number(2, 1)
            .text(8, "far")
            .message(13, of().text(1, "location").text(2, "../../etc/passwd"));
    return Stream.of(
        Arguments.of(of(), "has no graph"),
        Arguments.of(of().message(7, graph()), "no version"),
        Arguments.of(model(graph()).message(7, graph()), "field 7 twice"),
        Arguments.of(model(graph()).message(8, of().number(2, 18)), "must name one version"),
        Arguments.of(of().message(7, graph()).message(8, of().number(2, 99)), "from 9 to 23"),
        Arguments.of(
            model(graph()).message(8, of().text(1, "com.microsoft").number(2, 1)),
            "operators of com.microsoft"),
        Arguments.of(model(graph()).message(25, of()), "functions of its own"),
        Arguments.of(model(graph()).number(99, 1), "field 99"),
        Arguments.of(
            model(graph(of().message(1, node("RandomNormal", "r")))), "operator \"RandomNormal\""),
        Arguments.of(model(graph(of().message(1, node("If", "r", "x")))), "operator \"If\""),
        Arguments.of(
            model(graph(of().message(1, node("Relu", "r", "x").text(7, "my.ops")))),
            "operator of my.ops"),
        Arguments.of(
            model(graph(of().message(1, node("Relu", "r", "x").text(4, "Loop")))), "twice"),
        Arguments.of(
            model(
                graph(
                    of().message(1, node("Relu", "r", "x").message(5, of().message(6, graph()))))),
            "field 6"),
        Arguments.of(model(graph(of().message(1, node("Relu", "r", "q")))), "reads q"),
        Arguments.of(model(graph(of().message(1, node("Relu", "y", "x")))), "there already"),
        Arguments.of(model(graph(of().message(12, port("z", 2)))), "puts out z"),
        Arguments.of(model(graph(of().message(5, external))), "another file"),
        Arguments.of(model(graph(of().message(5, path))), "another file"),
        Arguments.of(model(graph(of().message(15, of()))), "field 15"),
        Arguments.of(model(graph(of().message(5, floats("v", 3, 2, 1)))), "has 6 numbers"),
        Arguments.of(model(graph(of().message(5, floats("v", 1L << 40, 1 << 30)))), "more than"),
        Arguments.of(model(graph(of().message(5, floats("v", -1, 1)))), "more than"),
        Arguments.of(model(graph(of().message(5, floats("w", 1, 1, 1)))), "name of its own"),
        Arguments.of(model(graph(of().message(11, port("v", 0)))), "is 0 long"),
        Arguments.of(of().raw(0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f), "beyond its end"),
        Arguments.of(of().raw(0x3b), "type"),
        Arguments.of(of().raw(0x08, 0x88, 0x00), "longer than it needs"),
        Arguments.of(of().raw(0x88, 0x80, 0x00, 0x08), "longer than it needs"),
        Arguments.of(
            of().raw(0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f),
            "more than 64 bits"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatMustNotBeRunIsRefused(OnnxBytes file, String why) {
    assertThatThrownBy(() -> OnnxReader.read(file.toBytes()))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining(why);
  }

  @Test
  void whateverIsWrittenOverAFileItIsReadOrRefused() {
    var random = new SplittableRandom(20261123);
    byte[] good = model(graph()).toBytes();
    int taken = 0;
    for (int i = 0; i < MUTANTS; i++) {
      byte[] mutant = good.clone();
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
      }
      try {
        OnnxReader.read(mutant);
        taken++;
      } catch (ProblemException refused) {
        assertThat(refused.detail()).isNotBlank();
      }
    }
    // A fuzzer that only ever sees one side of a reader tests nothing.
    assertThat(taken).isBetween(MUTANTS / 100, MUTANTS / 2);
  }
}
