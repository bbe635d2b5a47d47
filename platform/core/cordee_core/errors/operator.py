"""Errors of configuration and machine, read by who runs Cordée."""

from cordee_core.errors.base import CordeeError


class OperatorError(CordeeError):
    """The installation is not as it must be. Params: `problem`, in one line."""

    code = "configuration_invalid"

    def __init__(self, problem: str) -> None:
        super().__init__(problem=problem)
        self.problem = problem

    def __str__(self) -> str:
        return self.problem


class ConfigurationError(OperatorError):
    """A setting is missing or malformed."""


class PrivilegedRoleError(OperatorError):
    """The database role of a process may do more than it must; it does not serve."""

    code = "privileged_role"


class IsolationBrokenError(OperatorError):
    """The catalogue linter found a table whose protection is not as declared."""

    code = "isolation_broken"


class SchemaVersionError(OperatorError):
    """The database's schema is older or newer than this code."""

    code = "schema_version"


class MigrationError(OperatorError):
    """A migration failed and was rolled back."""

    code = "migration_failed"


class UnreachableError(OperatorError):
    """A server (PostgreSQL, Redis) does not answer."""

    code = "unreachable"


class PortInUseError(OperatorError):
    """The address asked for is taken by another process."""

    code = "port_in_use"


class FolderUnusableError(OperatorError):
    """A folder can't be written or entered."""

    code = "folder_unusable"


class ProcessDiedError(OperatorError):
    """A process that Cordée started ended by itself."""

    code = "process_died"
