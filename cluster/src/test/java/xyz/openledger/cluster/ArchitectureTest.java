package xyz.openledger.cluster;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The picture in docs/architecture.md, as rules. */
class ArchitectureTest {
  private static final JavaClasses OPENLEDGER =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("xyz.openledger");

  @Test
  void protocolKnowsNobody() {
    knowsNot(
        "xyz.openledger.protocol..",
        "models",
        "pools",
        "verification",
        "chainanchor",
        "nodes",
        "actors",
        "cluster");
  }

  @Test
  void kernelsKnowNobody() {
    knowsNot(
        "xyz.openledger.nativekernels..",
        "protocol",
        "models",
        "pools",
        "verification",
        "chainanchor",
        "nodes",
        "actors",
        "cluster");
  }

  @Test
  void modelsKnowOnlyProtocolAndKernels() {
    knowsNot(
        "xyz.openledger.models..",
        "pools",
        "verification",
        "chainanchor",
        "nodes",
        "actors",
        "cluster");
  }

  @Test
  void modulesOfLevelOneDoNotKnowOneAnother() {
    knowsNot(
        "xyz.openledger.pools..",
        "models",
        "verification",
        "chainanchor",
        "nodes",
        "actors",
        "cluster");
    knowsNot(
        "xyz.openledger.verification..",
        "models",
        "pools",
        "chainanchor",
        "nodes",
        "actors",
        "cluster");
    knowsNot(
        "xyz.openledger.chainanchor..",
        "models",
        "pools",
        "verification",
        "nodes",
        "actors",
        "cluster");
  }

  @Test
  void nodesAndActorsDoNotKnowOneAnother() {
    knowsNot("xyz.openledger.nodes..", "pools", "chainanchor", "actors", "cluster");
    knowsNot("xyz.openledger.actors..", "nodes", "cluster");
  }

  @Test
  void rulesAreWithoutActors() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "xyz.openledger.models..",
            "xyz.openledger.pools..",
            "xyz.openledger.verification..",
            "..actors.audit..",
            "..actors.simulation..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.pekko..", "io.grpc..", "org.lmdbjava..")
        .because("what decides can be simulated, replayed and audited")
        .check(OPENLEDGER);
  }

  private static void knowsNot(String module, String... others) {
    for (String other : others) {
      noClasses()
          .that()
          .resideInAPackage(module)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("xyz.openledger." + other + "..")
          .check(OPENLEDGER);
    }
  }
}
