package xyz.openledger.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.protocol.Receipt.Kind;
import xyz.openledger.protocol.Receipt.ReplicaReceipt;
import xyz.openledger.protocol.Receipt.Standing;
import xyz.openledger.protocol.Receipt.TaskReceipt;
import xyz.openledger.protocol.golden.Drawn;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.protocol.merkle.MerkleTree;

class ReceiptTest {
  private final Receipt receipt = new Drawn(new SplittableRandom(7)).receipt();

  @Test
  void isReadAsItIsWritten() {
    assertThat(Json.read(receipt.canonical(), Receipt.class)).isEqualTo(receipt);
    assertThat(Json.read(Json.pretty(receipt), Receipt.class).leaf()).isEqualTo(receipt.leaf());
  }

  @Test
  void oneOfALaterFormatIsRefusedByName() {
    ObjectNode later = ((ObjectNode) Json.tree(receipt)).put("version", Receipt.VERSION + 1);

    assertThatThrownBy(() -> Json.read(later, Receipt.class))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> {
              assertThat(refused.field()).isEqualTo("version");
              assertThat(refused.detail()).contains("this receipt is newer than this program");
            });
  }

  @Test
  void theLeafHasItsNineWordsInOrder() {
    var leaf = receipt.leaf();
    var words = ByteBuffer.wrap(leaf.encode());

    assertThat(leaf.encode()).hasSize(288);
    assertThat(number(words)).isEqualTo(Receipt.VERSION);
    assertThat(number(words)).isEqualTo(receipt.kind().code());
    assertThat(word(words)).isEqualTo(Arrays.copyOf(receipt.job().bytes(), 32));
    assertThat(number(words)).isEqualTo(receipt.revision());
    assertThat(word(words)).isEqualTo(leaf.nodeSet().bytes());
    assertThat(word(words)).isEqualTo(leaf.result().bytes());
    assertThat(word(words)).isEqualTo(leaf.evidence().bytes());
    assertThat(word(words)).isEqualTo(receipt.ruleHash().bytes());
    assertThat(word(words)).isEqualTo(Digest.of(receipt.canonical()).bytes());
    assertThat(leaf.hash()).isEqualTo(MerkleTree.leafHash(leaf.encode()));
    assertThat(leaf.key())
        .isEqualTo(
            receipt.job()
                + "/"
                + new String(Json.write(receipt.kind()), UTF_8).replace("\"", "")
                + "/"
                + receipt.revision());
  }

  @Test
  void theNodeSetIsSortedAndHoldsOnlyWhomTheVerdictAgreedWith() {
    Receipt receipt = verifiedBy("{\"method\":\"quorum\"}", Receipt.VERSION);
    var accepted = new ArrayList<String>();
    var statements = new ArrayList<Digest>();
    var all = new ArrayList<Digest>();
    for (TaskReceipt task : receipt.tasks()) {
      for (ReplicaReceipt replica : task.replicas()) {
        if (replica.standing() == Standing.ACCEPTED) {
          accepted.add(replica.node().value());
        }
        Outcome said = replica.outcome();
        if (said != null && replica.statement() != null) {
          var statement =
              new ResultStatement(replica.replica(), task.task(), said.digest(), replica.fence());
          all.add(statement.leafHash());
          if (replica.standing() == Standing.ACCEPTED) {
            statements.add(statement.leafHash());
          }
        }
      }
    }

    assertThat(receipt.leaf().nodeSet())
        .isEqualTo(
            Domain.of("node-set").texts(accepted.stream().distinct().sorted().toList()).digest());
    assertThat(receipt.leaf().evidence()).isEqualTo(MerkleTree.root(statements));
    ObjectNode old = ((ObjectNode) Json.tree(receipt)).put("version", 1);
    assertThat(Json.read(old, Receipt.class).leaf().evidence())
        .as("rejected ones too, as such receipts have been anchored")
        .isEqualTo(MerkleTree.root(all))
        .isNotEqualTo(receipt.leaf().evidence());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"method\":\"quorum\",\"tolerance\":{\"ulpsMax\":2}}",
        "{\"method\":\"toploc\"}",
        "{\"method\":\"trusted\"}"
      })
  void whatHonestNodesMaySayOtherwiseIsNoEvidence(String verification) {
    assertThat(verifiedBy(verification, Receipt.VERSION).leaf().evidence())
        .isEqualTo(MerkleTree.root(List.of()));
    assertThat(verifiedBy(verification, 3).leaf().evidence())
        .as("as such receipts have been anchored")
        .isNotEqualTo(MerkleTree.root(List.of()));
  }

  /** A receipt in which something was accepted, verified so. */
  private static Receipt verifiedBy(String verification, int version) {
    var draw = new Drawn(new SplittableRandom(8));
    Receipt drawn = draw.receipt();
    while (drawn.tasks().stream()
        .flatMap(task -> task.replicas().stream())
        .noneMatch(it -> it.standing() == Standing.ACCEPTED && it.statement() != null)) {
      drawn = draw.receipt();
    }
    ObjectNode changed = ((ObjectNode) Json.tree(drawn)).put("version", version);
    changed.set("verification", Json.read(verification.getBytes(UTF_8), ObjectNode.class));
    return Json.read(changed, Receipt.class);
  }

  @ParameterizedTest
  @MethodSource("fields")
  void everyFieldOfTheDocumentIsBoundByTheLeaf(String path) {
    ObjectNode changed = Json.tree(receipt).deepCopy();
    change(changed, path);
    byte[] document = Json.canonical(changed);

    assertThat(Digest.of(document)).isNotEqualTo(receipt.leaf().document());
    // What is still a receipt has another leaf; what is none is refused by the name of a field.
    try {
      assertThat(Json.read(document, Receipt.class).leaf().hash())
          .isNotEqualTo(receipt.leaf().hash());
    } catch (ProblemException refused) {
      assertThat(refused.field()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("fields")
  void aDocumentWithoutAFieldIsRefusedOrSaysSomethingElse(String path) {
    ObjectNode changed = Json.tree(receipt).deepCopy();
    remove(changed, path);

    try {
      assertThat(Json.read(Json.canonical(changed), Receipt.class).leaf().hash())
          .isNotEqualTo(receipt.leaf().hash());
    } catch (ProblemException refused) {
      assertThat(refused.problem()).isEqualTo(Problem.INVALID_REQUEST);
    }
  }

  @Test
  void kindsAndRevisionsHaveLeavesOfTheirOwn() {
    Set<Digest> hashes = new HashSet<>();
    Set<String> keys = new HashSet<>();
    for (Kind kind : Kind.values()) {
      for (int revision = 0; revision < 3; revision++) {
        ObjectNode changed = Json.tree(receipt).deepCopy();
        changed.set("kind", Json.tree(kind));
        changed.put("revision", revision);
        var leaf = Json.read(changed, Receipt.class).leaf();
        hashes.add(leaf.hash());
        keys.add(leaf.key());
      }
    }

    assertThat(hashes).hasSize(12);
    assertThat(keys).hasSize(12);
  }

  @Test
  void anUnknownFieldIsRefused() {
    ObjectNode changed = Json.tree(receipt).deepCopy();
    changed.put("note", "paid");

    assertThatThrownBy(() -> Json.read(changed, Receipt.class))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("note");
  }

  /** JSON pointers to everything that is no object and no list. */
  static Stream<String> fields() {
    var paths = new ArrayList<String>();
    collect(Json.tree(new Drawn(new SplittableRandom(7)).receipt()), "", paths);
    return paths.stream();
  }

  private static void collect(JsonNode node, String path, List<String> paths) {
    if (node.isValueNode()) {
      paths.add(path);
    } else if (node.isObject()) {
      node.properties().forEach(it -> collect(it.getValue(), path + "/" + it.getKey(), paths));
    } else {
      for (int i = 0; i < node.size(); i++) {
        collect(node.get(i), path + "/" + i, paths);
      }
    }
  }

  private static void change(ObjectNode document, String path) {
    JsonNode parent = document.at(path.substring(0, path.lastIndexOf('/')));
    String name = path.substring(path.lastIndexOf('/') + 1);
    JsonNode other = other(document.at(path));
    if (parent instanceof ObjectNode object) {
      object.set(name, other);
    } else {
      ((ArrayNode) parent).set(Integer.parseInt(name), other);
    }
  }

  private static void remove(ObjectNode document, String path) {
    JsonNode parent = document.at(path.substring(0, path.lastIndexOf('/')));
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (parent instanceof ObjectNode object) {
      object.remove(name);
    } else {
      ((ArrayNode) parent).remove(Integer.parseInt(name));
    }
  }

  /** A value close to it: one more, or another last letter. */
  private static JsonNode other(JsonNode value) {
    if (value.isNumber()) {
      return Json.tree(value.longValue() + 1);
    }
    String text = value.textValue();
    char last = text.charAt(text.length() - 1);
    return Json.tree(text.substring(0, text.length() - 1) + (last == '2' ? '3' : '2'));
  }

  private static long number(ByteBuffer words) {
    assertThat(words.getLong() | words.getLong() | words.getLong()).isZero();
    return words.getLong();
  }

  private static byte[] word(ByteBuffer words) {
    byte[] word = new byte[32];
    words.get(word);
    return word;
  }
}
