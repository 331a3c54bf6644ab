"""How compiled functions are put together: parts are linked into wholes, and only wholes become machine code.

Numba links, optimises and translates every function again for each of its callers, on every level: for the few
hundred small functions of this package that is minutes. Here a function that compiled code calls is kept as a part:
typed, lowered and left as it is. Only what Python calls is made whole: all its parts linked in, optimised once,
translated once. This uses inner classes of Numba, which is why pyproject.toml pins its minor version.
"""

from typing import Any, NamedTuple

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import LoweringPass, register_pass
from numba.core.typed_passes import InlineOverloads, NativeLowering, NopythonRewrites
from numba.core.untyped_passes import (
    DeadBranchPrune,
    FindLiterallyCalls,
    InlineClosureLikes,
    InlineInlinables,
    LiteralPropagationSubPipelinePass,
    LiteralUnroll,
    MakeFunctionToJitFunction,
    RewriteDynamicRaises,
    RewriteSemanticConstants,
    WithLifting,
)

# Passes for what this package's functions do not have: closures, with, raise, literals as types, array expressions,
# branches that types decide. Each would read the whole function again.
NEEDLESS = (
    WithLifting,
    InlineClosureLikes,
    RewriteSemanticConstants,
    DeadBranchPrune,
    RewriteDynamicRaises,
    MakeFunctionToJitFunction,
    InlineInlinables,
    FindLiterallyCalls,
    LiteralUnroll,
    LiteralPropagationSubPipelinePass,
    InlineOverloads,
    NopythonRewrites,
)


class CodegenProxy:
    """The code generator as a part sees it: no global of a part has an address yet."""

    def __init__(self, codegen: Any) -> None:
        self._codegen = codegen

    def __getattr__(self, name: str) -> Any:
        return getattr(self._codegen, name)

    def set_env(self, name: str, env: object) -> None:
        """Parts neither raise nor touch Python objects."""


class CalleeLibrary(JITCodeLibrary):  # type: ignore[misc]
    """A function and the names of what it calls; never optimised with them, never machine code."""

    @property
    def codegen(self) -> CodegenProxy:
        """The generator without addresses."""
        return CodegenProxy(self._codegen)

    def finalize(self) -> None:
        """Nothing to do: a whole will."""
        self._raise_if_finalized()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """There is no machine code to point to."""
        return 0

    def _optimize_functions(self, module: Any) -> None:
        """Not yet: the whole will be optimised."""
        module.data_layout = super().codegen._data_layout

    def below(self) -> list[Any]:
        """All that it calls, at any depth, once each."""
        return _below(self._linking_libraries)

    def _get_module_for_linking(self) -> Any:
        """For a caller that Numba compiles in its own way: with all that is below."""
        module = super()._get_module_for_linking().clone()
        for library in self.below():
            module.link_in(
                library.alone() if isinstance(library, CalleeLibrary) else library._get_module_for_linking(), True
            )
        return module

    def alone(self) -> Any:
        """Its own module, without those below."""
        return super()._get_module_for_linking()


def _below(libraries: list[Any]) -> list[Any]:
    found: dict[Any, None] = {}
    waiting = list(libraries)
    while waiting:
        library = waiting.pop()
        if library not in found:
            found[library] = None
            if isinstance(library, CalleeLibrary):
                waiting.extend(library._linking_libraries)
    return list(found)


class _OwnModule(NamedTuple):
    """A part as a whole links it."""

    part: CalleeLibrary

    @property
    def _reload_init(self) -> Any:
        return self.part._reload_init

    def _get_module_for_linking(self) -> Any:
        return self.part.alone()


class EntryLibrary(JITCodeLibrary):  # type: ignore[misc]
    """A function that Python calls, with all that it needs."""

    def finalize(self) -> None:
        """Link every part below, then optimise and translate."""
        self._own = {f.name for f in self._final_module.functions if not f.is_declaration}
        below = _below(self._linking_libraries)
        self._linking_libraries = [_OwnModule(one) if isinstance(one, CalleeLibrary) else one for one in below]
        super().finalize()

    def _optimize_final_module(self) -> None:
        """Parts are nobody else's business: the optimiser may write them into their callers and forget them."""
        for function in self._final_module.functions:
            if not function.is_declaration and function.name not in self._own:
                function.linkage = "internal"
        super()._optimize_final_module()


class _OpenLibrary(LoweringPass):  # type: ignore[misc]
    library: type[JITCodeLibrary]

    def __init__(self) -> None:
        LoweringPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        state.library = self.library(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        return True


@register_pass(mutates_CFG=False, analysis_only=False)
class OpenCallee(_OpenLibrary):
    """Opens a part."""

    _name = "pipeline_sim_begin_part"
    library = CalleeLibrary


@register_pass(mutates_CFG=False, analysis_only=False)
class OpenEntry(_OpenLibrary):
    """Opens a whole."""

    _name = "pipeline_sim_begin_whole"
    library = EntryLibrary


def _pipelines(state: Any, begin: type[LoweringPass]) -> list[Any]:
    manager = DefaultPassBuilder.define_nopython_pipeline(state)
    manager.passes = [(one, says) for one, says in manager.passes if one not in NEEDLESS]
    place = [one for one, _ in manager.passes].index(NativeLowering)
    manager.passes.insert(place, (begin, "open the library"))
    manager._finalized = False
    manager.finalize()
    return [manager]


class CalleeCompiler(CompilerBase):  # type: ignore[misc]
    """Compiles a function for other compiled functions."""

    def define_pipelines(self) -> list[Any]:
        """The usual passes, into a part."""
        return _pipelines(self.state, OpenCallee)


class EntryCompiler(CompilerBase):  # type: ignore[misc]
    """Compiles a function for Python."""

    def define_pipelines(self) -> list[Any]:
        """The usual passes, into a whole."""
        return _pipelines(self.state, OpenEntry)
