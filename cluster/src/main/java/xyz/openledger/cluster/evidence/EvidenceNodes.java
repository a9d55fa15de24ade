package xyz.openledger.cluster.evidence;

import java.io.IOException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import xyz.openledger.chainanchor.receipts.KeyWitness;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.api.NodeDetail;
import xyz.openledger.protocol.keys.Secp256k1Key;

/**
 * The nodes of a bundle as those whose keys signed the results in its receipts. That these keys are
 * registered is what the chain says, if one is named.
 */
final class EvidenceNodes implements KeyWitness {
  private final EvidenceCheck check;
  private final EvidenceManifest manifest;
  private final Map<NodeId, Address> keys = new HashMap<>();

  EvidenceNodes(EvidenceCheck check, EvidenceManifest manifest) {
    this.check = check;
    this.manifest = manifest;
  }

  /** Whether the nodes of a receipt signed it, by the keys in their files. */
  void check(Receipt receipt, Set<String> expected) throws IOException {
    boolean whole = true;
    for (Receipt.TaskReceipt task : receipt.tasks()) {
      for (Receipt.ReplicaReceipt replica : task.replicas()) {
        whole &= learn(replica.node(), expected);
      }
    }
    if (whole && manifest.registry() != null) {
      var _ = check.statements(receipt, this);
    }
  }

  private boolean learn(NodeId node, Set<String> expected) {
    String name = EvidenceFiles.node(node);
    if (check.isMissing(name)) {
      return false;
    }
    expected.add(name);
    if (!keys.containsKey(node)) {
      var detail = check.read(name, NodeDetail.class);
      if (!detail.node().id().equals(node)) {
        check.fault(name + ": is of another node");
      }
      keys.put(node, Secp256k1Key.address(HexFormat.of().parseHex(detail.resultKey())));
    }
    return true;
  }

  @Override
  public long chainId() {
    Long known = manifest.chainId();
    return known == null ? 0 : known;
  }

  @Override
  public Optional<Address> registry() {
    return Optional.ofNullable(manifest.registry());
  }

  @Override
  public Optional<Address> resultKey(NodeId node) {
    return Optional.ofNullable(keys.get(node));
  }
}
