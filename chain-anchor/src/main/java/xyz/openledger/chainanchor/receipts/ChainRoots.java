package xyz.openledger.chainanchor.receipts;

import java.io.IOException;
import java.util.Optional;
import xyz.openledger.chainanchor.evm.ChainClient;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;

/** The word of an AnchorLog contract: its checkpoint, or the event of an earlier one. */
public record ChainRoots(ChainClient chain, Address anchorLog) implements AnchoredRoots {
  @Override
  public Optional<Digest> at(long size) throws IOException {
    var now = chain.checkpoint(anchorLog, ChainClient.Tag.LATEST);
    return now.size() == size ? Optional.of(now.root()) : chain.anchoredRoot(anchorLog, size);
  }
}
