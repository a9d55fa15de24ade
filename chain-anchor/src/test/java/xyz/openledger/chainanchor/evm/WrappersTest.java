package xyz.openledger.chainanchor.evm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.reflect.Field;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;

/** The Java that the build writes from the committed ABIs, held against them by other code. */
class WrappersTest {
  private static final Path ARTIFACTS = Path.of("src/main/resources/contracts");
  private static final Path SOURCES = Path.of("src/main/java/xyz/openledger/chainanchor/evm");
  private static final Path CAST =
      Path.of("node_modules/@foundry-rs/cast-linux-amd64/bin/cast").toAbsolutePath();
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir Path folder;

  static Stream<String> contracts() throws IOException {
    try (var files = Files.list(ARTIFACTS)) {
      return files
          .map(file -> file.getFileName().toString().replace(".json", ""))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void everyFunctionEventAndErrorOfAContractIsThereUnderItsOwnSignature(String contract)
      throws Exception {
    Class<?> wrapper = Class.forName("xyz.openledger.chainanchor.evm." + contract + "Abi");

    assertThat(selectors(wrapper))
        .isEqualTo(signatures(contract, "function", WrappersTest::select));
    assertThat(topics(wrapper)).isEqualTo(signatures(contract, "event", Words::topic));
    assertThat(refusals(wrapper)).isEqualTo(signatures(contract, "error", WrappersTest::select));
  }

  @Test
  void callsAreTheBytesThatCastMakesOfThem() throws Exception {
    var address = new Address("0x" + "1f".repeat(20));
    Digest word = Digest.of("word".getBytes(StandardCharsets.UTF_8));
    byte[] id = Arrays.copyOf(word.bytes(), 16);
    String hex = "0x" + word.hex();
    String short_ = hex.substring(0, 34);
    var voucher = new EscrowAbi.Voucher(address, id, BigInteger.valueOf(7), word, word);
    assertThat(EscrowAbi.settleMany(List.of(voucher, voucher)).data())
        .isEqualTo(
            cast(
                "settleMany((address,bytes16,uint256,bytes32,bytes32)[])",
                "[(%1$s,%2$s,7,%3$s,%3$s),(%1$s,%2$s,7,%3$s,%3$s)]"
                    .formatted(address, short_, hex)));
    var said =
        new DisputeCourtAbi.SignedStatement(
            new byte[] {1, 2, 3}, 4, List.of(word, word), word, 9, new byte[65]);
    assertThat(DisputeCourtAbi.accuseOfEquivocation(id, said, said).data())
        .isEqualTo(
            cast(
                "accuseOfEquivocation(bytes16,(bytes,uint64,bytes32[],bytes32,uint32,bytes),"
                    + "(bytes,uint64,bytes32[],bytes32,uint32,bytes))",
                short_,
                "(0x010203,4,[%1$s,%1$s],%1$s,9,0x%2$s)".formatted(hex, "00".repeat(65)),
                "(0x010203,4,[%1$s,%1$s],%1$s,9,0x%2$s)".formatted(hex, "00".repeat(65))));
    assertThat(
            OpenLedgerGovernorAbi.propose(
                    List.of(address),
                    List.of(BigInteger.TEN),
                    List.of(new byte[] {1}, new byte[40]),
                    "why ö")
                .data())
        .isEqualTo(
            cast(
                "propose(address[],uint256[],bytes[],string)",
                "[" + address + "]",
                "[10]",
                "[0x01,0x" + "00".repeat(40) + "]",
                "why ö"));
    var one = BigInteger.ONE;
    var two = List.of(one, BigInteger.TWO);
    var proof = new ModelProofsAbi.Proof(two, List.of(one, one, one, BigInteger.TEN), two);
    assertThat(ModelProofsAbi.register(one, proof).data())
        .isEqualTo(
            cast(
                "register(uint256,(uint256[2],uint256[4],uint256[2]))",
                "1",
                "([1,2],[1,1,1,10],[1,2])"));
  }

  @Test
  void aContractThatAnswersTooLittleOrSaysAnImpossibleLengthIsRefused() {
    var query = OpenLedgerGovernorAbi.proposalVotes(BigInteger.ONE);

    assertThat(refusal(() -> query.read("0x"))).contains("is it ours?");
    assertThat(refusal(() -> query.read("0x" + "0".repeat(128)))).contains("is it ours?");
    var text = new AbiData(new byte[64], 0);
    assertThat(text.list(0, 1, AbiData::uint)).as("an array of nothing").isEmpty();
    byte[] long_ = new byte[64];
    Arrays.fill(long_, 32, 64, (byte) 0x7f);
    long_[31] = 32;
    assertThat(refusal(() -> new AbiData(long_, 0).list(0, 1, AbiData::uint))).contains("length");
    Arrays.fill(long_, 32, 62, (byte) 0);
    assertThat(refusal(() -> new AbiData(long_, 0).list(0, 1, AbiData::uint)))
        .contains("an array of 32639");
  }

  @Test
  void aContractThatChangedBreaksTheBuildAndNotTheRun() throws Exception {
    assertThat(errors("anchor(", "anchor(")).as("as it is").isEmpty();
    assertThat(errors("\"name\": \"anchor\"", "\"name\": \"append\""))
        .as("a function of another name")
        .anyMatch(error -> error.contains("anchor"));
    assertThat(errors("\"type\": \"uint64\"", "\"type\": \"uint256\""))
        .as("numbers that no long holds")
        .anyMatch(error -> error.contains("BigInteger"));
    assertThat(errors("\"name\": \"checkpoint\"", "\"name\": \"head\""))
        .as("an answer of another name")
        .anyMatch(error -> error.contains("checkpoint"));
  }

  /** What the compiler says of our code once the log's ABI is another. */
  private List<String> errors(String find, String replacement) throws Exception {
    Path changed = Files.createTempDirectory(folder, "abi");
    for (String contract : contracts().toList()) {
      String text = Files.readString(ARTIFACTS.resolve(contract + ".json"));
      Files.writeString(
          changed.resolve(contract + ".json"),
          contract.equals("AnchorLog") ? text.replace(find, replacement) : text);
    }
    Path out = changed.resolve("out");
    Process node =
        new ProcessBuilder("node", "contracts/wrappers.js", out.toString(), changed.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(node.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(node.exitValue()).as(said).isZero();
    return compile(
        List.of(
            out.resolve("xyz/openledger/chainanchor/evm/AnchorLogAbi.java"),
            SOURCES.resolve("OutboxHands.java"),
            SOURCES.resolve("ChainClient.java")),
        Files.createDirectories(changed.resolve("classes")));
  }

  private static List<String> compile(List<Path> files, Path out) throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var found = new DiagnosticCollector<JavaFileObject>();
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      compiler
          .getTask(
              null,
              manager,
              found,
              List.of("-proc:none", "-d", out.toString()),
              null,
              manager.getJavaFileObjectsFromPaths(files))
          .call();
    }
    return found.getDiagnostics().stream()
        .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
        .map(Object::toString)
        .toList();
  }

  private static Set<String> selectors(Class<?> wrapper) throws IllegalAccessException {
    var found = new TreeSet<String>();
    for (Field field : wrapper.getDeclaredFields()) {
      if (field.getType() == Selector.class) {
        found.add(((Selector) field.get(null)).hex());
      }
    }
    return found;
  }

  private static Set<String> topics(Class<?> wrapper) throws IllegalAccessException {
    var found = new TreeSet<String>();
    for (Class<?> nested : wrapper.getDeclaredClasses()) {
      for (Field field : nested.getDeclaredFields()) {
        if (field.getName().equals("TOPIC")) {
          found.add((String) field.get(null));
        }
      }
    }
    return found;
  }

  private static Set<String> refusals(Class<?> wrapper) throws ReflectiveOperationException {
    var found = new TreeSet<String>();
    for (Class<?> nested : wrapper.getDeclaredClasses()) {
      if (nested.getSimpleName().equals("Refusal")) {
        Field selector = nested.getDeclaredField("selector");
        selector.setAccessible(true);
        for (Object each : nested.getEnumConstants()) {
          found.add(((Selector) selector.get(each)).hex());
        }
      }
    }
    return found;
  }

  private interface Name {
    String of(String signature);
  }

  private static String select(String signature) {
    return Selector.of(signature).hex();
  }

  private static Set<String> signatures(String contract, String type, Name name)
      throws IOException {
    JsonNode abi = MAPPER.readTree(ARTIFACTS.resolve(contract + ".json").toFile()).get("abi");
    return StreamSupport.stream(abi.spliterator(), false)
        .filter(entry -> entry.get("type").asText().equals(type))
        // An EIP-712 domain is read by wallets, and by nothing of ours.
        .filter(entry -> !entry.get("name").asText().equals("eip712Domain"))
        .map(entry -> entry.get("name").asText() + types(entry.get("inputs")))
        .map(name::of)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String types(JsonNode parameters) {
    var types = new ArrayList<String>();
    for (JsonNode parameter : parameters) {
      String type = parameter.get("type").asText();
      types.add(
          parameter.has("components")
              ? types(parameter.get("components")) + type.substring("tuple".length())
              : type);
    }
    return "(" + String.join(",", types) + ")";
  }

  private static String refusal(Runnable reading) {
    try {
      reading.run();
      return "nothing was refused";
    } catch (IllegalArgumentException refused) {
      return String.valueOf(refused.getMessage());
    }
  }

  private static String cast(String... arguments) throws Exception {
    var command = new ArrayList<>(List.of(CAST.toString(), "calldata"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return text.strip();
  }
}
