package xyz.openledger.protocol.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far the receipt log is signed, witnessed and anchored. A receipt has reached a level if its
 * index is below that level's size.
 *
 * @param key the log's C2SP verifier key
 * @param size how many receipts there are
 * @param sealedSize of the last checkpoint
 * @param quorum how many witnesses must cosign a checkpoint before it is anchored; 0 if none is
 *     asked, and then nothing is called witnessed
 * @param witnessedSize of the last checkpoint that so many cosigned
 * @param minedSize of the last checkpoint in a block
 * @param safeSize of the last checkpoint in a safe block
 * @param finalSize of the last checkpoint in a final block
 * @param chainReachable whether the chain answers
 * @param standstills transactions that get no further; absent if there are none
 * @param spent what anchoring has cost; absent while no receipt of the chain said it
 */
@Answer
public record LogStatus(
    String origin,
    String key,
    long size,
    long sealedSize,
    int quorum,
    long witnessedSize,
    long minedSize,
    long safeSize,
    long finalSize,
    boolean chainReachable,
    List<Witness> witnesses,
    @Nullable List<Standstill> standstills,
    @Nullable Spent spent) {

  /**
   * A transaction, or one to be, that gets no further: of a checkpoint, or of money.
   *
   * @param id names it
   * @param reason what the chain says, and what to do where that is known
   */
  @Answer
  public record Standstill(String id, String reason) {}

  /**
   * What the final anchors have cost, in 10⁻¹⁸ of the chain's coin, as the chain's receipts say.
   *
   * @param anchors how many they are
   * @param receipts how many receipts of the log they brought
   * @param gas of their execution
   * @param feeWei all that was paid
   * @param l1FeeWei the part of it for the chain below, on a rollup
   * @param operatorFeeWei the part of it for the rollup's operator
   */
  @Answer
  public record Spent(
      long anchors,
      long receipts,
      long gas,
      String feeWei,
      String l1FeeWei,
      String operatorFeeWei) {}

  /**
   * One witness as it last answered.
   *
   * @param key the C2SP verifier key of its cosignatures
   * @param seenSize of the last checkpoint that it cosigned, as known here
   * @param fault why it did not cosign the last time; absent if it did
   */
  @Answer
  public record Witness(
      String name, String key, String url, long seenSize, @Nullable String fault) {}
}
