package xyz.openledger.protocol.api;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.json.DecimalText;

/**
 * A piece of a training that was made.
 *
 * @param number the first is 0
 * @param until its last step
 * @param job that made it; its receipt says how
 * @param checkpoint what came out, a blob
 * @param loss of its last step, on what was learnt there
 * @param heldBackLoss on the samples that are held back; absent if none are
 * @param nodes whose outcome it is
 * @param check {@code none}, {@code drawn} to be made again, or {@code agreed}
 * @param checkJob that made it again; absent if none did
 */
@Answer
public record TuningPiece(
    int number,
    int until,
    JobId job,
    Digest checkpoint,
    @Nullable Double loss,
    @Nullable Double heldBackLoss,
    List<NodeId> nodes,
    String check,
    @Nullable JobId checkJob,
    @DecimalText long chargedNanoOpen) {}
