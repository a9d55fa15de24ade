package xyz.openledger.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.models.CatalogueMessage;
import xyz.openledger.actors.models.ServedModel;
import xyz.openledger.actors.models.ServedModels;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.Workload;

class ModelOwnersTest {
  private static final TenantId ADA = TenantId.parse("ada");
  private static final Address BASE_OWNER = Address.parse("0x" + "a".repeat(40));
  private static final Address ADAPTER_OWNER = Address.parse("0x" + "b".repeat(40));
  private static final Digest BASE = digest("base");
  private static final Digest PIRATE = digest("pirate");
  private static final Digest SAILOR = digest("sailor");

  private static Digest digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static CatalogueMessage.Change served(
      String name, Digest manifest, @Nullable Address owner, long revision) {
    return new CatalogueMessage.Change(
        name,
        new ServedModel(name, manifest, BASE, 7, 512, 64, ADA, revision, owner, null),
        revision);
  }

  private static ServedModels catalogue(@Nullable Address baseOwner) {
    var models = new ServedModels();
    models.learn(
        new CatalogueMessage.Changes(
            List.of(
                served("tiny", BASE, baseOwner, 1),
                served("tiny:pirate", PIRATE, ADAPTER_OWNER, 2),
                served("tiny:sailor", SAILOR, ADAPTER_OWNER, 3)),
            3));
    return models;
  }

  private static JobSpec asking(Digest... adapters) {
    var tasks = new ArrayList<JobSpec.Task>();
    for (Digest adapter : adapters) {
      tasks.add(new JobSpec.Task(List.of(adapter.toString()), digest("question")));
    }
    return new JobSpec(
        "ask",
        Map.of(),
        new Workload.Inference(BASE, 1_000_000, 16 * 65_536, 4_096),
        tasks,
        new Policy(
            null,
            new Policy.Limits(5_000, 60_000, List.of(), null, 0),
            new Policy.Verification(Policy.Method.TRUSTED, null),
            null));
  }

  @Test
  void whoeverPublishesAnAdapterTakesNothingFromTheOwnerOfItsBase() {
    assertThat(ModelOwners.of(catalogue(BASE_OWNER), asking(PIRATE))).isEqualTo(BASE_OWNER);
    assertThat(ModelOwners.of(catalogue(BASE_OWNER), asking(PIRATE, SAILOR))).isEqualTo(BASE_OWNER);
  }

  @Test
  void theOwnerOfTheOneAdapterGetsThePartWhereItsBaseHasNone() {
    assertThat(ModelOwners.of(catalogue(null), asking(PIRATE))).isEqualTo(ADAPTER_OWNER);
    assertThat(ModelOwners.of(catalogue(null), asking(PIRATE, SAILOR))).isNull();
  }
}
