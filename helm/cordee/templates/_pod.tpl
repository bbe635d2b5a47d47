{{- /*
The pod template of a component, from a dict: root, component, args of the image's `cordee`,
secrets (names below `secrets`), resources, grace; and where the component has them env, port,
preStop, restart, annotations, command (in place of `cordee`), container.
Restricted (Pod Security Standards), without token, without the Service variables of Kubernetes:
a Service called `cordee` would set CORDEE_PORT.
*/ -}}
{{- define "cordee.pod" -}}
{{- $root := .root -}}
{{- $values := $root.Values -}}
metadata:
  labels:
    {{- include "cordee.selector" (list $root .component) | nindent 4 }}
    {{- with $values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with merge (dict) (.annotations | default dict) $values.podAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "cordee.serviceAccount" $root | quote }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ int .grace }}
  {{- with .restart }}
  restartPolicy: {{ . }}
  {{- end }}
  {{- with $values.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . | quote }}
    {{- end }}
  {{- end }}
  {{- range $key := list "priorityClassName" "nodeSelector" "tolerations" "hostAliases" }}
  {{- with index $values $key }}
  {{- dict $key . | toYaml | nindent 2 }}
  {{- end }}
  {{- end }}
  {{- if not .restart }}
  topologySpreadConstraints:
    {{- range $key, $topology := dict "zone" "topology.kubernetes.io/zone" "host" "kubernetes.io/hostname" }}
    - topologyKey: {{ $topology }}
      maxSkew: 1
      whenUnsatisfiable: {{ index $values.topologySpread $key }}
      labelSelector:
        matchLabels:
          {{- include "cordee.selector" (list $root $.component) | nindent 10 }}
      matchLabelKeys: [pod-template-hash]
    {{- end }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 65532
    runAsGroup: 65532
    fsGroup: 65532
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: {{ .container | default "cordee" }}
      image: {{ include "cordee.image" $root | quote }}
      imagePullPolicy: {{ $values.image.pullPolicy }}
      {{- with .command }}
      command:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      args:
        {{- toYaml .args | nindent 8 }}
      env:
        {{- include "cordee.env" . | nindent 8 }}
      {{- with .port }}
      ports:
        - name: http
          containerPort: {{ . }}
          protocol: TCP
      {{- include "cordee.probes" . | nindent 6 }}
      {{- end }}
      {{- with .preStop }}
      lifecycle:
        preStop:
          sleep:
            seconds: {{ . }}
      {{- end }}
      {{- with .resources }}
      resources:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        runAsNonRoot: true
        capabilities:
          drop: [ALL]
      volumeMounts:
        - name: tmp
          mountPath: /tmp
        {{- if .secrets }}
        - name: secrets
          mountPath: /run/secrets/cordee
          readOnly: true
        {{- end }}
        {{- range $values.extraVolumes }}
        - name: {{ .name | quote }}
          mountPath: {{ .mountPath | quote }}
          readOnly: true
        {{- end }}
  volumes:
    {{- include "cordee.volumes" . | nindent 4 }}
{{- end -}}

{{- /* Environment: logs, secrets as names of files, then what the component and the values add. */ -}}
{{- define "cordee.env" -}}
{{- $settings := dict "application" "DATABASE_URL" "migrator" "MIGRATOR_DATABASE_URL" "relay" "RELAY_DATABASE_URL" "contextKey" "CONTEXT_KEY" "redis" "REDIS_URL" -}}
- name: CORDEE_LOG_LEVEL
  value: {{ .root.Values.settings.logLevel }}
{{- range .secrets }}
- name: CORDEE_{{ index $settings . }}_FILE
  value: /run/secrets/cordee/{{ . }}
{{- end }}
{{- range $name, $value := .env }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- range .root.Values.extraEnv }}
- name: {{ .name | quote }}
  value: {{ .value | quote }}
{{- end }}
{{- end -}}

{{- define "cordee.volumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 256Mi
{{- with .secrets }}
- name: secrets
  projected:
    defaultMode: 0440
    sources:
      {{- range . }}
      - secret:
          name: {{ (index $.root.Values.secrets .).name | quote }}
          items:
            - key: {{ (index $.root.Values.secrets .).key | quote }}
              path: {{ . }}
      {{- end }}
{{- end }}
{{- range .root.Values.extraVolumes }}
- name: {{ .name | quote }}
  {{- if .configMap }}
  configMap:
    name: {{ .configMap | quote }}
  {{- else }}
  secret:
    secretName: {{ .secret | quote }}
    defaultMode: 0440
  {{- end }}
{{- end }}
{{- end -}}

{{- /* Start: up to 2 minutes. Live: the loop turns. Ready: database, role, schema version, plugins. */ -}}
{{- define "cordee.probes" -}}
startupProbe:
  httpGet:
    path: /livez
    port: http
  periodSeconds: 2
  timeoutSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet:
    path: /livez
    port: http
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet:
    path: /readyz
    port: http
  periodSeconds: 5
  timeoutSeconds: 8
  failureThreshold: 2
{{- end -}}
