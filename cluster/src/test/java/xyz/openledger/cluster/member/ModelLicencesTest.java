package xyz.openledger.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.models.CatalogueMessage;
import xyz.openledger.actors.models.ServedModel;
import xyz.openledger.actors.models.ServedModels;
import xyz.openledger.actors.tuning.TuningPlan;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.api.TuningRecipe;
import xyz.openledger.protocol.api.TuningRequest;

class ModelLicencesTest {
  private static final Digest BASE = digest("base");
  private static final Digest PIRATE = digest("pirate");

  private static Digest digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static CatalogueMessage.Change served(
      String name, Digest manifest, @Nullable String licence, long revision) {
    var model =
        new ServedModel(
            name, manifest, BASE, 7, 512, 64, TenantId.parse("ada"), revision, null, licence);
    return new CatalogueMessage.Change(name, model, revision);
  }

  private static ServedModels catalogue(@Nullable String adapter) {
    var models = new ServedModels();
    models.learn(
        new CatalogueMessage.Changes(
            List.of(
                served("tiny", BASE, "Apache-2.0", 1), served("tiny:pirate", PIRATE, adapter, 2)),
            2));
    return models;
  }

  private static JobSpec asking(@Nullable List<String> allowed, List<String> arguments) {
    return new JobSpec(
        "ask",
        Map.of(),
        new Workload.Inference(BASE, 1_000_000, 16 * 65_536, 4_096),
        List.of(new JobSpec.Task(arguments, digest("question"))),
        new Policy(
            null,
            new Policy.Limits(5_000, 60_000, List.of(), null, 0, null, null, null, allowed),
            new Policy.Verification(Policy.Method.TRUSTED, null),
            null));
  }

  @Test
  void baseAndAdapterMustBothBeAllowed() {
    var pirate = List.of(PIRATE.toString());

    assertThat(
            ModelLicences.allowed(
                catalogue("CC-BY-4.0"), asking(List.of("apache-2.0", "CC-BY-4.0"), pirate)))
        .containsExactly("Apache-2.0", "CC-BY-4.0");
    assertThat(ModelLicences.allowed(catalogue("CC-BY-NC-4.0"), asking(null, pirate)))
        .containsExactly("Apache-2.0", "CC-BY-NC-4.0");
    assertThat(
            ModelLicences.allowed(
                catalogue("CC-BY-NC-4.0"), asking(List.of("Apache-2.0"), List.of())))
        .containsExactly("Apache-2.0");
    assertThatThrownBy(
            () ->
                ModelLicences.allowed(
                    catalogue("CC-BY-NC-4.0"), asking(List.of("Apache-2.0"), pirate)))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> {
              assertThat(refused.problem()).isEqualTo(Problem.UNSATISFIABLE_POLICY);
              assertThat(refused.field()).isEqualTo("policy.limits.licences");
              assertThat(refused.detail())
                  .contains("uses what is under CC-BY-NC-4.0, and the policy allows Apache-2.0");
            });
  }

  /** What its first pieces cost would be lost if the others were refused. */
  @Test
  void aTrainingKeepsTheLicencesThatItWasAcceptedUnderWhateverTheCatalogueSaysLater() {
    var accepted = training(List.of("CC-BY-NC-4.0"));

    assertThat(ModelLicences.of(new ServedModels(), accepted)).containsExactly("CC-BY-NC-4.0");
    assertThat(ModelLicences.of(catalogue(null), accepted)).containsExactly("CC-BY-NC-4.0");
  }

  @Test
  void aTrainingThatWroteNoLicencesDownIsHeldAgainstTheCatalogue() {
    assertThat(ModelLicences.of(catalogue(null), training(null))).containsExactly("Apache-2.0");
    assertThatThrownBy(() -> ModelLicences.of(new ServedModels(), training(null)))
        .hasMessageContaining("nobody states a licence");
  }

  private static TuningPlan training(@Nullable List<String> accepted) {
    var policy = asking(List.of("Apache-2.0"), List.of()).policy();
    var request =
        new TuningRequest("tiny", digest("data"), null, TuningRecipe.of(10), 10, null, 0, policy);
    return new TuningPlan(request, BASE, digest("weights"), 7, 0, accepted);
  }

  @Test
  void whatNobodyStatesALicenceOfIsRefusedWhereLicencesAreAsked() {
    assertThatThrownBy(
            () ->
                ModelLicences.allowed(
                    catalogue(null), asking(List.of("Apache-2.0"), List.of(PIRATE.toString()))))
        .hasMessageContaining("nobody states a licence")
        .hasMessageContaining("model publish --licence");
    assertThatThrownBy(
            () ->
                ModelLicences.allowed(new ServedModels(), asking(List.of("Apache-2.0"), List.of())))
        .hasMessageContaining("nobody states a licence");
  }
}
