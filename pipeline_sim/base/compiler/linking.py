"""Linking of compiled functions: callees are kept as LLVM modules, and only what Python calls becomes machine code.

Owns the two code libraries and the compiler classes that use them. Numba links, optimises and translates every function
again for each of its callers. Here a function that compiled code calls is typed, lowered and left as it is; an entry
links all its callees in, is optimised once and translated once. That saves a fifth of a compile of about 40 processor
seconds, which happens once for a version of the sources. It uses inner classes of Numba, which is why
pyproject.toml pins its minor version; with PIPELINE_SIM_PLAIN_NUMBA=1 nothing of this module is used, see `jit`.
"""

from typing import Any, NamedTuple

from numba.core.caching import FunctionCache
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import LoweringPass, register_pass
from numba.core.runtime.nrt import rtsys
from numba.core.typed_passes import AnnotateTypes


class CodegenProxy:
    """Code generator as a callee sees it: no global of a callee has an address yet."""

    def __init__(self, codegen: Any) -> None:
        self._codegen = codegen

    def __getattr__(self, name: str) -> Any:
        return getattr(self._codegen, name)

    def set_env(self, name: str, env: object) -> None:
        """Nothing to do: callees neither raise nor touch Python objects."""


class CalleeLibrary(JITCodeLibrary):  # type: ignore[misc]
    """Code library of a function that compiled code calls; it is neither optimised nor made machine code by itself."""

    @property
    def codegen(self) -> CodegenProxy:
        """Code generator without addresses."""
        return CodegenProxy(self._codegen)

    def finalize(self) -> None:
        """Close the library; the entry that calls it will be optimised."""
        self._raise_if_finalized()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """Address of the machine code: 0, for there is none."""
        return 0

    def _optimize_functions(self, module: Any) -> None:
        """Leave the module as it is."""
        module.data_layout = super().codegen._data_layout

    def _get_module_for_linking(self) -> Any:
        raise TypeError(f"{self.name} is compiled for functions of this package alone: decorate its caller with rule")

    def own_module(self) -> Any:
        """Module of the function, without its callees."""
        return super()._get_module_for_linking()


def _callees(libraries: list[Any]) -> list[Any]:
    seen: dict[Any, None] = {}
    waiting = list(libraries)
    while waiting:
        library = waiting.pop()
        if library not in seen:
            seen[library] = None
            if isinstance(library, CalleeLibrary):
                waiting.extend(library._linking_libraries)
    return list(seen)


class _OwnModule(NamedTuple):
    """Callee as an entry links it: its module alone."""

    callee: CalleeLibrary

    @property
    def _reload_init(self) -> Any:
        return self.callee._reload_init

    def _get_module_for_linking(self) -> Any:
        return self.callee.own_module()


class EntryLibrary(JITCodeLibrary):  # type: ignore[misc]
    """Code library of a function that Python calls, with all its callees."""

    def finalize(self) -> None:
        """Link every callee, then optimise and translate."""
        self._own = {f.name for f in self._final_module.functions if not f.is_declaration}
        libraries = _callees(self._linking_libraries)
        self._linking_libraries = [_OwnModule(one) if isinstance(one, CalleeLibrary) else one for one in libraries]
        super().finalize()

    def _optimize_final_module(self) -> None:
        """Make callees internal: the optimiser may inline them and drop what is left."""
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
    """Pass that opens the library of a callee."""

    _name = "pipeline_sim_open_callee"
    library = CalleeLibrary


@register_pass(mutates_CFG=False, analysis_only=False)
class OpenEntry(_OpenLibrary):
    """Pass that opens the library of an entry."""

    _name = "pipeline_sim_open_entry"
    library = EntryLibrary


def _pipelines(state: Any, open_library: type[LoweringPass]) -> list[Any]:
    manager = DefaultPassBuilder.define_nopython_pipeline(state)
    manager.add_pass_after(open_library, AnnotateTypes)  # the last one before lowering
    manager.finalize()
    return [manager]


class CalleeCompiler(CompilerBase):  # type: ignore[misc]
    """Compiler of functions for other compiled functions."""

    def define_pipelines(self) -> list[Any]:
        """Numba's passes, into a callee library."""
        return _pipelines(self.state, OpenCallee)


class EntryCompiler(CompilerBase):  # type: ignore[misc]
    """Compiler of functions for Python."""

    def define_pipelines(self) -> list[Any]:
        """Numba's passes, into an entry library."""
        return _pipelines(self.state, OpenEntry)


class DiskCache(FunctionCache):  # type: ignore[misc]
    """Compiled functions on disk. Fetching one needs no compiler: to set that up takes half a second."""

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Fetch a function, having set up only what allocates memory in a running function."""
        rtsys.initialize(target_context)
        with self._guard_against_spurious_io_errors():
            return self._load_overload(sig, target_context)
