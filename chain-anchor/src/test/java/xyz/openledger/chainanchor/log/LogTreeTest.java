package xyz.openledger.chainanchor.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.merkle.MerkleTree;

class LogTreeTest {
  private static final int SIZE = 70;

  private final NodeStore nodes = NodeStore.inMemory();
  private final LogTree tree = new LogTree(nodes);
  private final List<Digest> leaves = new ArrayList<>();

  LogTreeTest() {
    for (int i = 0; i < SIZE; i++) {
      var leaf = MerkleTree.leafHash(new byte[] {(byte) i});
      nodes.append(i, leaf);
      leaves.add(leaf);
    }
  }

  @Test
  void hasTheRootOfTheReferenceAtEverySize() {
    for (int size = 0; size <= SIZE; size++) {
      assertThat(tree.root(size)).isEqualTo(MerkleTree.root(leaves.subList(0, size)));
    }
  }

  @Test
  void provesEveryLeafInEverySizeAsTheReferenceDoes() {
    for (int size = 1; size <= SIZE; size++) {
      var prefix = leaves.subList(0, size);
      for (int index = 0; index < size; index++) {
        var proof = tree.inclusionProof(index, size);
        assertThat(proof).isEqualTo(MerkleTree.inclusionProof(prefix, index));
        assertThat(
                MerkleTree.verifyInclusion(leaves.get(index), index, size, proof, tree.root(size)))
            .isTrue();
      }
    }
  }

  @Test
  void provesEverySizeAPrefixOfEveryLaterOneAsTheReferenceDoes() {
    for (int to = 1; to <= SIZE; to++) {
      for (int from = 0; from <= to; from++) {
        var proof = tree.consistencyProof(from, to);
        assertThat(proof).isEqualTo(MerkleTree.consistencyProof(leaves.subList(0, to), from));
        assertThat(MerkleTree.verifyConsistency(from, tree.root(from), to, tree.root(to), proof))
            .as("%d to %d", from, to)
            .isTrue();
      }
    }
  }

  @Test
  void thePeaksAloneGiveTheSameRootHoweverLeavesAreBatched() {
    for (int size = 0; size <= SIZE; size++) {
      var range =
          CompactRange.EMPTY.with(leaves.subList(0, size / 2)).with(leaves.subList(size / 2, size));
      assertThat(range.size()).isEqualTo(size);
      assertThat(range.root()).isEqualTo(tree.root(size));
    }
  }
}
