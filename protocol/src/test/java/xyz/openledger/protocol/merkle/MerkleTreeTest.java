package xyz.openledger.protocol.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xyz.openledger.protocol.Digest;

/** Holds the tree against one that is folded level by level from below, for all sizes up to 64. */
class MerkleTreeTest {
  private static final int SIZE_MAX = 64;
  private static final List<Digest> LEAVES =
      IntStream.range(0, SIZE_MAX)
          .mapToObj(i -> MerkleTree.leafHash(new byte[] {(byte) i}))
          .toList();

  @ParameterizedTest
  @CsvSource({
    "1, 6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "2, fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "3, aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "4, d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "5, 4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "6, 76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "7, ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "8, 5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
  })
  void hasTheRootsOfTheCertificateTransparencyTestVectors(int size, String root) {
    var leaves =
        List.of(
                "",
                "00",
                "10",
                "2021",
                "3031",
                "40414243",
                "5051525354555657",
                "606162636465666768696a6b6c6d6e6f")
            .stream()
            .limit(size)
            .map(hex -> MerkleTree.leafHash(HexFormat.of().parseHex(hex)))
            .toList();

    assertThat(MerkleTree.root(leaves).hex()).isEqualTo(root);
  }

  @Test
  void theEmptyTreeIsTheHashOfNothing() {
    assertThat(MerkleTree.root(List.of()).hex())
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assertThat(MerkleTree.inclusionProofs(List.of())).isEmpty();
  }

  @Test
  void everyRootAndEveryPathIsThatOfTheFoldedTree() {
    for (int size = 1; size <= SIZE_MAX; size++) {
      var leaves = LEAVES.subList(0, size);
      var all = MerkleTree.inclusionProofs(leaves);
      assertThat(MerkleTree.root(leaves)).isEqualTo(folded(leaves));
      assertThat(all).hasSize(size);
      for (int index = 0; index < size; index++) {
        var path = MerkleTree.inclusionProof(leaves, index);
        assertThat(path).isEqualTo(foldedPath(leaves, index)).isEqualTo(all.get(index));
      }
    }
  }

  @Test
  void everyLeafIsProvedAtItsPlaceAndNowhereElse() {
    for (int size = 1; size <= SIZE_MAX; size++) {
      var leaves = LEAVES.subList(0, size);
      var root = MerkleTree.root(leaves);
      for (int index = 0; index < size; index++) {
        var path = MerkleTree.inclusionProof(leaves, index);
        for (int at = -1; at <= size; at++) {
          assertThat(MerkleTree.verifyInclusion(leaves.get(index), at, size, path, root))
              .as("leaf %d of %d as %d", index, size, at)
              .isEqualTo(at == index);
        }
        checkWrongSizes(leaves, index, path, root);
      }
    }
  }

  private static void checkWrongSizes(
      List<Digest> leaves, int index, List<Digest> path, Digest root) {
    for (int size = 0; size <= 2 * leaves.size(); size++) {
      if (MerkleTree.verifyInclusion(leaves.get(index), index, size, path, root)) {
        // Another size may lead along the same turns; then the path is one of its leaves, too.
        assertThat(turns(index, size)).isEqualTo(turns(index, leaves.size()));
      }
    }
  }

  @Test
  void noFlippedBitOfAPathALeafOrARootIsAccepted() {
    for (int size : new int[] {1, 2, 3, 7, 8, 13, 64}) {
      var leaves = LEAVES.subList(0, size);
      var root = MerkleTree.root(leaves);
      for (int index = 0; index < size; index += 3) {
        var path = MerkleTree.inclusionProof(leaves, index);
        for (int bit = 0; bit < 256; bit += 7) {
          assertThat(
                  MerkleTree.verifyInclusion(flip(leaves.get(index), bit), index, size, path, root))
              .isFalse();
          assertThat(
                  MerkleTree.verifyInclusion(leaves.get(index), index, size, path, flip(root, bit)))
              .isFalse();
          for (int i = 0; i < path.size(); i++) {
            assertThat(
                    MerkleTree.verifyInclusion(
                        leaves.get(index), index, size, flip(path, i, bit), root))
                .isFalse();
          }
        }
      }
    }
  }

  @Test
  void aPathThatIsTooShortOrTooLongIsRefused() {
    for (int size = 1; size <= SIZE_MAX; size++) {
      var leaves = LEAVES.subList(0, size);
      var root = MerkleTree.root(leaves);
      for (int index = 0; index < size; index++) {
        var longer = new ArrayList<>(MerkleTree.inclusionProof(leaves, index));
        longer.add(root);
        assertThat(MerkleTree.verifyInclusion(leaves.get(index), index, size, longer, root))
            .isFalse();
        if (longer.size() > 1) {
          var shorter = longer.subList(0, longer.size() - 2);
          assertThat(MerkleTree.verifyInclusion(leaves.get(index), index, size, shorter, root))
              .isFalse();
        }
      }
    }
  }

  @Test
  void everyPrefixIsConsistentAndNoOtherTreeIs() {
    for (int size = 0; size <= SIZE_MAX; size++) {
      var root = folded(LEAVES.subList(0, size));
      for (int prefix = 0; prefix <= size; prefix++) {
        var proof = MerkleTree.consistencyProof(LEAVES.subList(0, size), prefix);
        var before = folded(LEAVES.subList(0, prefix));
        assertThat(MerkleTree.verifyConsistency(prefix, before, size, root, proof))
            .as("%d in %d", prefix, size)
            .isTrue();
        checkForgeries(prefix, before, size, root, proof);
      }
    }
  }

  private static void checkForgeries(
      int prefix, Digest before, int size, Digest root, List<Digest> proof) {
    assertThat(MerkleTree.verifyConsistency(prefix, flip(before, 3), size, root, proof)).isFalse();
    if (prefix > 0) {
      // The empty tree is a prefix of every tree: there is nothing to hold the larger root against.
      assertThat(MerkleTree.verifyConsistency(prefix, before, size, flip(root, 9), proof))
          .isFalse();
    }
    for (int i = 0; i < proof.size(); i++) {
      assertThat(MerkleTree.verifyConsistency(prefix, before, size, root, flip(proof, i, 200 + i)))
          .isFalse();
      assertThat(MerkleTree.verifyConsistency(prefix, before, size, root, proof.subList(0, i)))
          .isFalse();
    }
    var longer = new ArrayList<>(proof);
    longer.add(root);
    assertThat(MerkleTree.verifyConsistency(prefix, before, size, root, longer)).isFalse();
    assertThat(MerkleTree.verifyConsistency(size + 1, before, size, root, proof)).isFalse();
    assertThat(MerkleTree.verifyConsistency(-1, before, size, root, proof)).isFalse();
  }

  @Test
  void leavesAndNodesNeverShareAHash() {
    byte[] both = new byte[64];
    System.arraycopy(LEAVES.get(0).bytes(), 0, both, 0, 32);
    System.arraycopy(LEAVES.get(1).bytes(), 0, both, 32, 32);

    assertThat(MerkleTree.leafHash(both))
        .isNotEqualTo(MerkleTree.nodeHash(LEAVES.get(0), LEAVES.get(1)));
  }

  @Test
  void thereIsNoProofOfWhatIsNotThere() {
    assertThatThrownBy(() -> MerkleTree.inclusionProof(LEAVES, 64))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> MerkleTree.inclusionProof(LEAVES, -1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> MerkleTree.consistencyProof(LEAVES, 65))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  /** Pairs neighbours, level by level; the last one of an odd level rises as it is. */
  private static Digest folded(List<Digest> leaves) {
    var level = leaves;
    while (level.size() > 1) {
      level = above(level);
    }
    return level.isEmpty() ? Digest.of() : level.getFirst();
  }

  private static List<Digest> foldedPath(List<Digest> leaves, int index) {
    var path = new ArrayList<Digest>();
    var level = leaves;
    while (level.size() > 1) {
      int sibling = index ^ 1;
      if (sibling < level.size()) {
        path.add(level.get(sibling));
      }
      level = above(level);
      index /= 2;
    }
    return path;
  }

  private static List<Digest> above(List<Digest> level) {
    var above = new ArrayList<Digest>();
    for (int i = 0; i < level.size(); i += 2) {
      above.add(
          i + 1 < level.size()
              ? Digest.of(new byte[] {1}, level.get(i).bytes(), level.get(i + 1).bytes())
              : level.get(i));
    }
    return above;
  }

  /** On which side the siblings of a path stand, from the leaf up. */
  private static String turns(int index, int size) {
    var turns = new StringBuilder();
    for (int last = size - 1; last > 0; last /= 2, index /= 2) {
      if ((index ^ 1) <= last) {
        turns.append(index % 2 == 0 ? 'r' : 'l');
      }
    }
    return turns.toString();
  }

  private static List<Digest> flip(List<Digest> digests, int index, int bit) {
    var flipped = new ArrayList<>(digests);
    flipped.set(index, flip(digests.get(index), bit));
    return flipped;
  }

  private static Digest flip(Digest digest, int bit) {
    byte[] bytes = digest.bytes();
    bytes[bit / 8] ^= (byte) (1 << bit % 8);
    return Digest.wrap(bytes);
  }
}
