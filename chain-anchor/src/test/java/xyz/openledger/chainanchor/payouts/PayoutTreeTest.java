package xyz.openledger.chainanchor.payouts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PayoutTreeTest {
  @Test
  void everyPayeeProvesHisAmountAndNoOther() {
    var random = new SplittableRandom(5);
    for (int size = 1; size <= 40; size++) {
      var payouts = payouts(random, size);
      var tree = PayoutTree.of(payouts);
      payouts.forEach(
          (payee, nano) -> {
            var proof = tree.proof(payee);
            assertThat(PayoutTree.verify(tree.root(), payee, nano, proof)).isTrue();
            assertThat(PayoutTree.verify(tree.root(), payee, nano + 1, proof)).isFalse();
          });
    }
  }

  /** Rebuilds the tree with OpenZeppelin's own package, in Node. */
  @Test
  void agreesWithOpenZeppelinsPackage() throws Exception {
    Path modules = Path.of("node_modules/@openzeppelin/merkle-tree");
    assumeTrue(Files.exists(modules), "npm packages are not installed");
    var random = new SplittableRandom(6);
    for (int size : new int[] {1, 2, 3, 5, 8, 33, 100}) {
      var payouts = payouts(random, size);
      var tree = PayoutTree.of(payouts);
      String payee = payouts.firstKey();

      String expected = openZeppelin(payouts, payee);

      String proof =
          tree.proof(payee).stream()
              .map(hash -> "0x" + HexFormat.of().formatHex(hash))
              .collect(Collectors.joining(","));
      assertThat((tree.rootHex() + " " + proof).strip()).isEqualTo(expected);
    }
  }

  private static String openZeppelin(SortedMap<String, Long> payouts, String payee)
      throws Exception {
    String values =
        payouts.entrySet().stream()
            .map(e -> "['%s','%s']".formatted(e.getKey(), PayoutTree.wei(e.getValue())))
            .collect(Collectors.joining(","));
    String script =
        """
        import { StandardMerkleTree } from '@openzeppelin/merkle-tree';
        const tree = StandardMerkleTree.of([%s], ['address', 'uint256']);
        console.log(tree.root + ' ' + tree.getProof(['%s', '%s']).join(','));
        """
            .formatted(values, payee, PayoutTree.wei(Objects.requireNonNull(payouts.get(payee))));
    var node =
        new ProcessBuilder("node", "--input-type=module", "-")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var input = node.getOutputStream()) {
      input.write(script.getBytes(StandardCharsets.UTF_8));
    }
    String output = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(node.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return output.strip();
  }

  private static SortedMap<String, Long> payouts(SplittableRandom random, int size) {
    var payouts = new TreeMap<String, Long>();
    while (payouts.size() < size) {
      payouts.put(
          "0x%08x%032x".formatted(random.nextInt(), random.nextLong(Long.MAX_VALUE)),
          random.nextLong(1, 1L << 59));
    }
    return payouts;
  }
}
